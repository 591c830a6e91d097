import { Check, Info, Terminal } from 'lucide-react';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import type { StationView } from '../../../../src-shared/views/mesh.ts';
import type { RunView } from '../../../../src-shared/views/run.ts';
import { runCommand } from '../../../app/commands.ts';
import { useNode } from '../../../data/live.ts';
import { call } from '../../../data/queries.ts';
import { Button } from '../../../ui/button.tsx';
import { cx } from '../../../ui/cx.ts';
import { IconButton } from '../../../ui/icon-button.tsx';
import { Sheet } from '../../../ui/sheet.tsx';
import { toast } from '../../../ui/toast.tsx';
import { openGive } from '../../work/give/give-state.ts';
import { AgentSquare } from '../agent-square.tsx';
import type { AgentGroup } from '../logic/agent-groups.ts';
import { usualLimit } from '../logic/limits.ts';
import { readForm } from '../logic/read-form.ts';
import { isOpen } from '../logic/run-facts.ts';
import { fieldsOf, initialValues } from '../logic/schema-form.ts';
import { contextText, execCommand } from '../logic/shell-command.ts';
import { useRunDraft } from '../run-drafts.ts';
import { CancelDialog } from './cancel-dialog.tsx';
import { RunForm } from './run-form.tsx';
import { RunLive } from './run-live.tsx';
import { SessionFooter } from './session-footer.tsx';
import { useAgentRoute } from './use-agent-route.ts';
import { useRunActions } from './use-run-actions.ts';
import { useRunCommands } from './use-run-commands.ts';

export interface RunSheetProps {
  group: AgentGroup;
  stations: ReadonlyMap<string, StationView>;
  /** The runs of this agent, oldest first. */
  runs: readonly RunView[];
  /** The id of the station asked for; undefined for the best one. */
  station: string | undefined;
  onStation(station: string | undefined): void;
  onDetails(): void;
  onAllRuns(): void;
  /** Tells the row of the replica that a call would go to now. */
  onBest(key: string | undefined): void;
  onClose(): void;
}

/** Gives an agent a task and shows how it goes. */
export function RunSheet({ group, stations, runs, station, ...on }: RunSheetProps): ReactNode {
  const { name } = group;
  const [draft, change] = useRunDraft(name);
  const connected = useNode()?.connection.state === 'connected';
  const definition = group.replicas.find((agent) => agent.station_id === station) ?? group.lead;
  const route = useAgentRoute(name, station, stations.values());
  const best = route.candidates.find((candidate) => candidate.chosen)?.station_id;
  const actions = useRunActions();
  const [copied, setCopied] = useState<string | undefined>(undefined);

  const { onBest } = on;
  const bestKey = station === undefined && best !== undefined ? `${name} ${best}` : undefined;
  useEffect(() => {
    onBest(bestKey);
    return () => onBest(undefined);
  }, [bestKey, onBest]);

  const schema = definition.input_schema;
  const fields = useMemo(() => fieldsOf(schema), [schema]);
  const values = useMemo(() => ({ ...initialValues(fields), ...draft.values }), [fields, draft.values]);
  const { context, errors } = useMemo(() => readForm(fields, values), [fields, values]);
  const taskError = draft.task.trim() === '' ? 'Say what the agent shall do.' : undefined;
  const limitMs = draft.timeoutMs ?? usualLimit(definition.timeout_ms);
  const shown = runs.find((run) => run.id === draft.shown) ?? runs.at(-1);
  const disabledReason = connected ? undefined : 'The hub cannot be reached now.';

  const run = () => {
    change({ tried: true });
    if (disabledReason !== undefined || taskError !== undefined || Object.keys(errors).length > 0) return;
    actions.start(
      {
        agent: name,
        task: draft.task,
        context,
        timeout_ms: limitMs,
        wait: true,
        ...(station === undefined ? {} : { station }),
      },
      (id) => change({ shown: id, tried: false }),
    );
  };
  const command = execCommand({ agent: name, task: draft.task, context, station, timeoutMs: limitMs });
  const copy = () =>
    void call('app.copy', { text: command }).then(() => {
      setCopied(command);
      toast({ status: 'completed', title: 'Command copied', text: command });
    });
  const give = () => {
    openGive({
      task: draft.task,
      by: 'agent',
      agent: name,
      station: station ?? '',
      context: Object.entries(context).map(([key, value], id) => ({ id, key, value: contextText(value) })),
    });
    void runCommand('work.open');
  };
  const cancel = () => shown !== undefined && actions.cancel(shown);
  const open = shown !== undefined && isOpen(shown);
  useRunCommands({ agent: name, disabledReason, open, run, cancel, copy });
  return (
    <Sheet
      open
      onClose={on.onClose}
      title={`Run ${name}`}
      lead={<AgentSquare />}
      actions={
        <>
          <Button variant="plain" size="small" icon={copied === command ? Check : Terminal} onClick={copy}>
            Copy as command
          </Button>
          <IconButton icon={Info} label={`Details of ${name}`} onClick={on.onDetails} />
        </>
      }
    >
      <div className={cx('min-h-0 overflow-y-auto', shown === undefined ? 'flex-1' : 'max-h-[60%] shrink-0')}>
        <RunForm
          group={group}
          definition={definition}
          stations={stations}
          route={route}
          station={station}
          draft={draft}
          fields={fields}
          values={values}
          errors={draft.tried ? errors : {}}
          taskError={draft.tried ? taskError : undefined}
          limitMs={limitMs}
          again={shown !== undefined}
          starting={actions.starting}
          refused={actions.refused}
          disabledReason={disabledReason}
          onDraft={change}
          onStation={on.onStation}
          onRun={run}
          onGive={give}
        />
      </div>
      {shown !== undefined && <RunLive key={shown.id} run={shown} onCancel={cancel} />}
      <SessionFooter
        runs={runs}
        shown={shown?.id}
        onShow={(id) => change({ shown: id })}
        onAllRuns={on.onAllRuns}
      />
      <CancelDialog
        run={runs.find((each) => each.id === actions.asking?.id)}
        onKeep={actions.keep}
        onCancel={actions.confirm}
      />
    </Sheet>
  );
}
