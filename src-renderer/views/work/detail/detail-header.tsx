import { useNavigate } from '@tanstack/react-router';
import { Bot, CircleStop, CornerLeftUp, Ellipsis, PencilLine, RotateCw } from 'lucide-react';
import type { ReactNode } from 'react';
import { isEnded, type WorkRecord } from '../../../../src-shared/protocol/work.ts';
import { workViewOf } from '../../../../src-shared/views/work.ts';
import { type Command, shortcutsOf } from '../../../app/commands.ts';
import { useCompact } from '../../../app/use-compact.ts';
import { useLivePart } from '../../../data/live.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { Glyph } from '../../../ui/glyph.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { Id } from '../../../ui/id.tsx';
import { Menu, type MenuEntry } from '../../../ui/menu.tsx';
import { STATUSES } from '../../../ui/status.ts';
import { Tag } from '../../../ui/tag.tsx';
import { Time } from '../../../ui/time.tsx';
import type { WorkActions } from '../use-work-actions.ts';
import { doerOf, initialsOf, priorityWord, stateOf } from '../words.ts';

function entryOf(command: Command, more: Partial<MenuEntry> = {}): MenuEntry {
  const [shortcut] = shortcutsOf(command);
  return {
    id: command.id,
    label: command.title,
    ...(command.icon === undefined ? {} : { icon: command.icon }),
    ...(shortcut === undefined ? {} : { shortcut }),
    disabledReason: command.disabledReason,
    run: () => command.run(),
    ...more,
  };
}

function HeaderActions({ record, actions }: { record: WorkRecord; actions: WorkActions }): ReactNode {
  const navigate = useNavigate();
  const compact = useCompact();
  const { cancel, retry, rerun, copy } = actions.commands;
  const parent = record.parent_id;
  const go: MenuEntry[] =
    parent === undefined
      ? []
      : [
          {
            id: 'parent',
            label: 'Open the work that gave it',
            icon: CornerLeftUp,
            run: () => void navigate({ to: '/work/$workId', params: { workId: parent } }),
          },
        ];
  return (
    <div className="flex shrink-0 items-center gap-8">
      {isEnded(record.status) ? (
        <Button
          icon={RotateCw}
          shortcut="R"
          busy={actions.isRetrying}
          busyLabel="Retrying"
          onClick={() => retry.run()}
        >
          Retry
        </Button>
      ) : (
        <Button
          icon={CircleStop}
          shortcut="Mod+."
          busy={actions.isCancelling || record.cancel !== undefined}
          onClick={() => cancel.run()}
        >
          Cancel
        </Button>
      )}
      <Button
        icon={compact ? undefined : PencilLine}
        onClick={() => rerun.run()}
        aria-label="Rerun with edits"
      >
        {compact ? 'Rerun' : 'Rerun with edits'}
      </Button>
      <Menu
        trigger={<IconButton icon={Ellipsis} label="More actions" variant="outlined" />}
        groups={[
          [entryOf(retry), entryOf(rerun), entryOf(copy)],
          ...(go.length === 0 ? [] : [go]),
          [entryOf(cancel, { danger: true })],
        ]}
      />
    </div>
  );
}

function Who({ record }: { record: WorkRecord }): ReactNode {
  return (
    <span className="flex shrink-0 items-center gap-6">
      <span
        aria-hidden
        className="grid size-18 place-items-center rounded-full bg-track text-[9px] leading-none font-semibold text-2"
      >
        {initialsOf(record.requested_by)}
      </span>
      <span>
        {record.requested_by}, <Time at={record.created_at} as="moment" />
      </span>
    </span>
  );
}

/** Title and actions of a work, and in one line how it stands, who does it, where, and who asked. */
export function DetailHeader({ record, actions }: { record: WorkRecord; actions: WorkActions }): ReactNode {
  const station = useLivePart('stations.watch', (state) =>
    record.station_id === undefined ? undefined : state.items.get(record.station_id)?.status,
  );
  const view = workViewOf(record);
  const said = stateOf(view, station === 'late');
  const title = record.task.trim().split('\n')[0] ?? '';
  return (
    <header className="flex shrink-0 flex-col gap-8 px-20 pt-12 pb-12 max-wide:px-16">
      <div className="flex items-center gap-12">
        <h2 className="min-w-0 flex-1 truncate text-heading text-1" title={record.task.slice(0, 2_000)}>
          {title}
        </h2>
        <HeaderActions record={record} actions={actions} />
      </div>
      <div className="flex min-h-20 min-w-0 items-center gap-12 text-small text-2">
        <Badge status={said.status} word={said.word} tone={said.tone} />
        {record.attempt > 0 && (
          <span className="figures shrink-0">
            Attempt {record.attempt} of {Math.max(record.attempt, record.attempts_allowed)}
          </span>
        )}
        <span className="flex min-w-0 items-center gap-6">
          <span className="grid size-18 shrink-0 place-items-center rounded-hint border border-border bg-surface">
            <Icon icon={Bot} size={12} />
          </span>
          <span className="truncate">{doerOf(record)}</span>
        </span>
        {record.station_name !== undefined && (
          <span className="flex min-w-0 items-center gap-6">
            {station !== undefined && <Glyph status={station} size={12} label={STATUSES[station].word} />}
            <span className="truncate">{record.station_name}</span>
          </span>
        )}
        <Who record={record} />
        {record.priority !== 3 && <span className="shrink-0">{priorityWord(record.priority)}</span>}
        {record.deadline !== undefined && !isEnded(record.status) && (
          <span className="shrink-0">
            Due <Time at={record.deadline} as="moment" />
          </span>
        )}
        <span className="flex min-w-0 gap-4 overflow-hidden max-wide:hidden">
          {record.labels.map((label) => (
            <Tag key={label}>{label}</Tag>
          ))}
        </span>
        <span className="ml-auto shrink-0 max-wide:hidden">
          <Id id={record.work_id} />
        </span>
      </div>
    </header>
  );
}
