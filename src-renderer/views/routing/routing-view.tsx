import { GitPullRequestArrow, History, Pencil, Redo2, Route, Save, Undo2 } from 'lucide-react';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import type { AgentRouting } from '../../../src-shared/routing/document.ts';
import { type Command, useCommands } from '../../app/commands.ts';
import { useCompact } from '../../app/use-compact.ts';
import { useLive } from '../../data/live.ts';
import { Button } from '../../ui/button.tsx';
import { plural } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Page } from '../../ui/page.tsx';
import { Segment } from '../../ui/segment.tsx';
import { Select } from '../../ui/select.tsx';
import { Empty, Failure, Loading } from '../../ui/states.tsx';
import { AgentsPane } from './panes/agents-pane.tsx';
import { CallsPane } from './panes/calls-pane.tsx';
import { DraftBanners } from './panes/draft-banners.tsx';
import { ReplayPane } from './panes/replay-pane.tsx';
import { ReviewDialog } from './panes/review-dialog.tsx';
import { SECTIONS } from './panes/sections.ts';
import { StrategyPane } from './panes/strategy-pane.tsx';
import { TextPane } from './panes/text-pane.tsx';
import { SectionForm } from './sections/section-form.tsx';
import { addAgent } from './state/agent-actions.ts';
import { openAgent, openPanel, redo, save, takeFiles, undo } from './state/draft-actions.ts';
import { dirtyScopes, type Panel, useDraft } from './state/draft-store.ts';
import { useBasis } from './state/use-basis.ts';

/** Keeps the draft in step with the files on disk while the view is shown. */
function useFiles() {
  const { items, state, error } = useLive('routing.files');
  const files = items.get('files');
  useEffect(() => {
    if (files !== undefined && files !== useDraft.getState().files) takeFiles(files);
  }, [files]);
  return {
    loading: state === 'loading' || (files === undefined && state !== 'error'),
    error: state === 'error' ? error : undefined,
  };
}

/** How many things of the draft are not saved. */
function useUnsaved(): { files: number; steps: number } {
  const files = useDraft((state) => dirtyScopes(state).length);
  const steps = useDraft(
    (state) =>
      new Set(state.history.done.flatMap(({ group }) => (group > state.savedStep ? [group] : []))).size,
  );
  return { files, steps: files === 0 ? 0 : Math.max(1, steps) };
}

function useRoutingCommands(onReview: () => void, onReplay: () => void): void {
  const commands = useMemo<readonly Command[]>(
    () => [
      {
        id: 'routing.save',
        title: 'Save the routing',
        group: 'This view',
        icon: Save,
        shortcut: 'Mod+S',
        run: () => void save(),
      },
      { id: 'routing.undo', title: 'Undo', group: 'This view', icon: Undo2, shortcut: 'Mod+Z', run: undo },
      {
        id: 'routing.redo',
        title: 'Redo',
        group: 'This view',
        icon: Redo2,
        shortcut: 'Mod+Shift+Z',
        run: redo,
      },
      {
        id: 'routing.review',
        title: 'Review changes',
        group: 'This view',
        icon: GitPullRequestArrow,
        run: onReview,
      },
      { id: 'routing.replay', title: 'Replay calls', group: 'This view', icon: History, run: onReplay },
      { id: 'routing.addAgent', title: 'Add an agent', group: 'This view', run: () => void addAgent() },
    ],
    [onReview, onReplay],
  );
  useCommands(commands);
}

type RightTab = 'calls' | 'replay';

/** Agents, their strategies as pictures, the next calls, and the text below: one document in three panes. */
export function RoutingView(): ReactNode {
  const { loading, error } = useFiles();
  const reading = useDraft((state) => state.reading);
  const { files, steps } = useUnsaved();
  const label = useDraft((state) => state.history.done.at(-1)?.label);
  const canRedo = useDraft((state) => state.history.undone.length > 0);
  const saving = useDraft((state) => state.saving);
  const path = useDraft((state) => state.files?.layers.find((each) => each.scope === 'project')?.path);
  const [reviewing, setReviewing] = useState(false);
  const [tab, setTab] = useState<RightTab>('calls');
  const review = useMemo(() => () => setReviewing(true), []);
  const replay = useMemo(() => () => setTab('replay'), []);
  useRoutingCommands(review, replay);
  return (
    <Page
      title="Routing"
      meta={<span className="font-mono text-mono">{path}</span>}
      badge={
        files > 0 && (
          <span
            role="status"
            className="flex h-20 items-center gap-5 rounded-badge bg-calm-subtle px-7 text-small font-medium text-2"
          >
            <Icon icon={Pencil} size={12} />
            {plural(steps, 'change')} not saved
          </span>
        )
      }
      actions={
        <>
          <IconButton
            icon={Undo2}
            label={label === undefined ? 'Undo' : `Undo: ${label}`}
            shortcut="Mod+Z"
            disabledReason={label === undefined ? 'Nothing to undo.' : undefined}
            onClick={undo}
          />
          <IconButton
            icon={Redo2}
            label="Redo"
            shortcut="Mod+Shift+Z"
            disabledReason={canRedo ? undefined : 'Nothing to redo.'}
            onClick={redo}
          />
          <Button icon={History} onClick={replay}>
            Replay calls
          </Button>
          <Button
            icon={GitPullRequestArrow}
            onClick={review}
            disabledReason={files === 0 ? 'Nothing changed.' : undefined}
          >
            Review changes
          </Button>
          <Button
            variant="main"
            shortcut="Mod+S"
            busy={saving}
            busyLabel="Saving"
            disabledReason={files === 0 ? 'Nothing changed.' : undefined}
            onClick={() => void save()}
          >
            Save
          </Button>
        </>
      }
    >
      {error !== undefined && <Failure icon={Route} title="The routing cannot be shown" error={error} />}
      {error === undefined && (loading || reading === undefined) && <Loading label="Loading the routing" />}
      {error === undefined && !loading && reading !== undefined && <Panes tab={tab} onTab={setTab} />}
      {reviewing && <ReviewDialog onClose={() => setReviewing(false)} />}
    </Page>
  );
}

/** The pages whose changes show in the next calls. */
const ROUTED: readonly Panel[] = ['agent', 'defaults', 'providers', 'budgets'];

function Panes({ tab, onTab }: { tab: RightTab; onTab(tab: RightTab): void }): ReactNode {
  const reading = useDraft((state) => state.reading);
  const panel = useDraft((state) => state.panel);
  const name = useDraft((state) => state.agent);
  const part = useDraft((state) => state.part);
  const compact = useCompact();
  const basis = useBasis();
  const [folded, setFolded] = useState(false);
  const agents = reading?.agents ?? [];
  const agent =
    agents.find((each) => each.name === name) ??
    (panel === 'agent' ? (agents.find(({ isCommand }) => !isCommand) ?? agents[0]) : undefined);
  const routing = useMemo<AgentRouting | undefined>(() => {
    if (reading === undefined) return undefined;
    if (panel === 'defaults')
      return { name: '', triggers: [], plan: reading.defaults, byDefault: false, caps: [] };
    return reading.document.agents.find((each) => each.name === agent?.name);
  }, [reading, panel, agent]);
  useEffect(() => {
    if (agent !== undefined && agent.name !== useDraft.getState().agent && panel === 'agent')
      openAgent(agent.name);
  }, [agent, panel]);
  if (reading === undefined || basis === undefined) return null;
  return (
    <>
      <DraftBanners />
      <div className="flex min-h-0 flex-1">
        {!compact && <AgentsPane reading={reading} />}
        <div className="flex min-w-0 flex-1 flex-col">
          <div
            data-region
            tabIndex={-1}
            className="flex max-h-[62%] min-h-0 shrink-0 flex-col overflow-y-auto outline-none"
          >
            {compact && (
              <div className="flex h-44 shrink-0 items-center gap-8 border-b border-hairline px-20">
                <Select
                  size="filter"
                  label="Agent"
                  value={panel === 'agent' ? (agent?.name ?? '') : `section ${panel}`}
                  onChange={(value) => {
                    const section = SECTIONS.find((each) => `section ${each.panel}` === value);
                    if (section === undefined) openAgent(value);
                    else openPanel(section.panel);
                  }}
                  options={[
                    ...agents.map((each) => ({ value: each.name, label: each.name })),
                    ...SECTIONS.map((each) => ({ value: `section ${each.panel}`, label: each.title })),
                  ]}
                />
                <Button size="small" onClick={() => void addAgent()}>
                  Add an agent
                </Button>
              </div>
            )}
            {panel === 'agent' && agent === undefined && (
              <Empty
                icon={Route}
                title="No agent yet"
                text="An agent has a prompt and a routing. Add one, or write it into the text below."
                actions={
                  <Button variant="main" onClick={() => void addAgent()}>
                    Add an agent
                  </Button>
                }
              />
            )}
            {panel === 'agent' && agent !== undefined && <StrategyPane agent={agent} basis={basis} />}
            {panel === 'defaults' && <StrategyPane agent={undefined} basis={basis} />}
            {panel !== 'agent' && panel !== 'defaults' && (
              <SectionForm key={panel} panel={panel} basis={basis} />
            )}
          </div>
          <TextPane folded={folded} onFold={() => setFolded(!folded)} />
        </div>
        {routing !== undefined && ROUTED.includes(panel) && !(panel === 'agent' && part === 'run') && (
          <aside
            aria-label="Next calls and replay"
            data-region
            tabIndex={-1}
            className="flex w-340 shrink-0 flex-col border-l border-hairline outline-none max-wide:w-300"
          >
            <div className="flex h-52 shrink-0 items-center gap-8 px-16">
              <Segment
                label="Look at"
                value={tab}
                onChange={onTab}
                options={[
                  { value: 'calls', label: 'Next 20 calls' },
                  { value: 'replay', label: 'Replay' },
                ]}
              />
              <span className="ml-auto truncate text-small text-3">{routing.name}</span>
            </div>
            {tab === 'calls' ? <CallsPane routing={routing} basis={basis} /> : <ReplayPane basis={basis} />}
          </aside>
        )}
      </div>
    </>
  );
}
