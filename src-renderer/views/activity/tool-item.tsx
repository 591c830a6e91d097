import {
  ArrowRightLeft,
  Brain,
  ChevronRight,
  FileText,
  Globe,
  Pencil,
  Search,
  SquareTerminal,
  Trash2,
  Wrench,
} from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import { plainText } from '../../ui/ansi.ts';
import { cx } from '../../ui/cx.ts';
import { Glyph } from '../../ui/glyph.tsx';
import { Icon, type IconType } from '../../ui/icon.tsx';
import { STATUSES, type Status } from '../../ui/status.ts';
import { Elapsed } from '../../ui/time.tsx';
import { fileDiff } from './diff-lines.ts';
import { DiffCount, DiffView } from './diff-view.tsx';
import type { StreamItem, Tool } from './stream-items.ts';

const ICONS: Record<Tool['tool_kind'], IconType> = {
  read: FileText,
  edit: Pencil,
  delete: Trash2,
  move: ArrowRightLeft,
  search: Search,
  execute: SquareTerminal,
  think: Brain,
  fetch: Globe,
  other: Wrench,
};

const STATUS: Record<Tool['status'], Status> = {
  pending: 'queued',
  running: 'running',
  completed: 'completed',
  failed: 'failed',
  refused: 'cancelled',
};

function Block({ title, text, fail }: { title: string; text: string; fail?: boolean }): ReactNode {
  return (
    <section aria-label={title}>
      <h4 className="mb-2 text-small text-3">{title}</h4>
      <pre
        className={cx(
          'takeable max-h-240 overflow-auto rounded-control border border-hairline bg-inset px-10 py-6 font-mono text-mono whitespace-pre-wrap wrap-anywhere',
          fail === true ? 'text-fail' : 'text-2',
        )}
      >
        {text}
      </pre>
    </section>
  );
}

/** Whether the title tells the arguments already. */
function isTold({ title, input }: Tool): boolean {
  if (input === undefined) return true;
  const values = typeof input === 'object' && input !== null ? Object.values(input) : [input];
  return values.every((value) => typeof value === 'string' && title.includes(value));
}

function inputText(input: unknown): string {
  return typeof input === 'string' ? input : JSON.stringify(input, null, 2);
}

export interface ToolItemProps {
  item: Extract<StreamItem, { kind: 'tool' }>;
  open: boolean;
  onToggle(): void;
}

/** One call of a tool: what it does in a line, and its arguments, changes and output below. */
export function ToolItem({ item, open, onToggle }: ToolItemProps): ReactNode {
  const { tool, terminal, time, until } = item;
  const diffs = useMemo(
    () => (tool.diffs ?? []).map(({ path, before, after }) => ({ path, diff: fileDiff(before, after) })),
    [tool.diffs],
  );
  const ended = tool.status !== 'pending' && tool.status !== 'running';
  const status = STATUS[tool.status];
  const word =
    tool.status === 'refused' ? 'Refused' : tool.status === 'pending' ? 'Waits' : STATUSES[status].word;
  const [only] = diffs.length === 1 ? diffs : [];
  return (
    <div className="rounded-control border border-hairline bg-surface">
      <button
        type="button"
        aria-expanded={open}
        onClick={onToggle}
        className="flex h-30 w-full items-center gap-8 rounded-control px-10 text-left text-body text-1 -outline-offset-2 hover:bg-hover"
      >
        <Icon icon={ICONS[tool.tool_kind]} size={14} className="text-3" />
        <span className="min-w-0 truncate">{tool.title}</span>
        {only !== undefined && <DiffCount diff={only.diff} />}
        <span className="ml-auto flex shrink-0 items-center gap-6 text-small text-3">
          <Elapsed from={time} until={ended ? until : undefined} />
          <Glyph status={status} size={13} label={word} />
          <Icon
            icon={ChevronRight}
            size={12}
            className={cx('transition-transform duration-120', open && 'rotate-90')}
          />
        </span>
      </button>
      {open && (
        <div className="flex flex-col gap-8 border-t border-hairline px-10 py-8">
          {!isTold(tool) && <Block title="Arguments" text={inputText(tool.input)} />}
          {diffs.map(({ path, diff }) => (
            <DiffView key={path} path={path} diff={diff} />
          ))}
          {terminal !== '' && <Block title="Terminal" text={plainText(terminal)} />}
          {tool.output !== undefined && tool.output !== '' && (
            <Block title="Output" text={plainText(tool.output)} fail={tool.status === 'failed'} />
          )}
          {isTold(tool) && diffs.length === 0 && terminal === '' && !tool.output && (
            <p className="text-small text-3">{ended ? 'It gave nothing back.' : 'Nothing yet.'}</p>
          )}
        </div>
      )}
    </div>
  );
}

/** Whether a person wants to see inside without asking: small changes, and what failed. */
export function startsOpen({ tool }: ToolItemProps['item']): boolean {
  const changed = (tool.diffs ?? []).reduce(
    (sum, { before = '', after }) => sum + before.length + after.length,
    0,
  );
  return tool.status === 'failed' || (changed > 0 && changed < 4_000);
}
