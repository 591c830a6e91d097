import { Brain, ChevronRight } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import { openLink } from '../../data/open-link.ts';
import { plainText } from '../../ui/ansi.ts';
import { cx } from '../../ui/cx.ts';
import { duration } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { Markdown } from '../../ui/markdown.tsx';
import { ModelCallItem } from './model-call-item.tsx';
import { PlanItem } from './plan-item.tsx';
import type { Notice, StreamItem } from './stream-items.ts';
import { ToolItem } from './tool-item.tsx';

const NOTICE: Record<Notice['level'], string> = {
  info: 'border-hairline bg-surface text-2',
  warning: 'border-late-line bg-late-subtle text-1',
  error: 'border-fail-line bg-fail-subtle text-1',
};

function Thought(props: { text: string; ms: number; open: boolean; onToggle(): void }): ReactNode {
  return (
    <div>
      <button
        type="button"
        aria-expanded={props.open}
        onClick={props.onToggle}
        className="flex h-26 items-center gap-8 rounded-control px-10 text-small text-3 -outline-offset-2 hover:bg-hover"
      >
        <Icon icon={Brain} size={14} />
        {props.ms < 1_000 ? 'Thought' : `Thought for ${duration(props.ms)}`}
        <Icon
          icon={ChevronRight}
          size={12}
          className={cx('transition-transform duration-120', props.open && 'rotate-90')}
        />
      </button>
      {props.open && (
        <p className="takeable border-l-2 border-border py-2 pl-12 ml-16 text-body whitespace-pre-wrap wrap-anywhere text-3">
          {props.text}
        </p>
      )}
    </div>
  );
}

export interface StreamRowProps {
  item: StreamItem;
  open: boolean;
  onToggle(key: string, open: boolean): void;
}

function content({ item, open, onToggle }: StreamRowProps): ReactNode {
  const toggle = () => onToggle(item.key, !open);
  switch (item.kind) {
    case 'attempt':
      return (
        <h3 className="flex items-center gap-12 py-4 text-small font-semibold text-3">
          Attempt {item.attempt}
          <span aria-hidden className="h-1 flex-1 bg-hairline" />
        </h3>
      );
    case 'answer':
      return <Markdown text={item.text} onLink={openLink} />;
    case 'thought':
      return (
        <Thought
          text={item.text}
          ms={Date.parse(item.until) - Date.parse(item.time)}
          open={open}
          onToggle={toggle}
        />
      );
    case 'plan':
      return <PlanItem entries={item.entries} />;
    case 'tool':
      return <ToolItem item={item} open={open} onToggle={toggle} />;
    case 'model_call':
      return <ModelCallItem call={item.call} open={open} onToggle={toggle} />;
    case 'notice':
      return (
        <p
          className={cx(
            'takeable rounded-control border px-10 py-6 text-small wrap-anywhere',
            NOTICE[item.level],
          )}
        >
          {item.level !== 'info' && (
            <span className="font-semibold">{item.level === 'error' ? 'Error' : 'Note'}: </span>
          )}
          {item.text}
        </p>
      );
    case 'terminal':
    case 'lines':
      return (
        <pre className="takeable font-mono text-mono whitespace-pre-wrap wrap-anywhere text-2">
          {plainText(item.text).replace(/\n$/, '')}
        </pre>
      );
    case 'progress':
      return <p className="text-small text-3">{item.text}</p>;
  }
}

/** One item of a stream as it looks. */
export const StreamRow = memo(function StreamRow(props: StreamRowProps): ReactNode {
  return content(props);
});
