import { Lock, MessageSquare } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import type { Card } from '../../../../src-shared/views/board.ts';
import { cx } from '../../../ui/cx.ts';
import { exact, roughDuration } from '../../../ui/format.ts';
import { Glyph } from '../../../ui/glyph.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { useNow } from '../../../ui/now.ts';
import { ActorMark } from '../parts/actor-mark.tsx';
import { PriorityMark } from '../parts/priority-mark.tsx';
import { RunFoot } from '../parts/run-foot.tsx';
import { TypeMark } from '../parts/type-mark.tsx';
import { useCardWork } from '../use-board.ts';

function Age({ since }: { since: string }): ReactNode {
  const now = Math.max(useNow(60_000), Date.parse(since));
  return (
    <time dateTime={since} title={exact(since)} className="figures ml-auto text-tiny font-normal text-3">
      {roughDuration(now - Date.parse(since))}
    </time>
  );
}

function Waits({ ids }: { ids: readonly string[] }): ReactNode {
  return (
    <span
      title={`Waits for ${ids.join(', ')}`}
      className="inline-flex h-16 min-w-0 items-center gap-4 rounded-hint border border-border px-5 font-mono text-mono-small text-2"
    >
      <Icon icon={Lock} size={12} className="text-3" />
      <span className="truncate">{ids[0]}</span>
      {ids.length > 1 && <span>+{ids.length - 1}</span>}
    </span>
  );
}

export interface TaskCardProps {
  card: Card;
  selected: boolean;
  /** How it looks under the pointer while it is dragged. */
  lifted?: boolean;
}

/** A task on the board: id and assignee, title, what it is, and its live run. */
export const TaskCard = memo(function TaskCard({ card, selected, lifted = false }: TaskCardProps): ReactNode {
  const work = useCardWork(card.work_id);
  const live = work !== undefined && work.ended_at === undefined ? work : undefined;
  return (
    <article
      className={cx(
        'rounded-card border bg-surface',
        selected ? 'border-accent-text ring-1 ring-accent-text' : 'border-border',
        lifted && 'rotate-1 shadow-float',
      )}
    >
      <div className="flex flex-col gap-6 px-11 py-9">
        <div className="flex h-18 items-center gap-6">
          <span className="shrink-0 font-mono text-mono-small text-3">{card.short_id}</span>
          {card.waits_for.length > 0 && <Waits ids={card.waits_for} />}
          {card.needs_human !== undefined && (
            <span title={card.needs_human}>
              <Glyph status="escalated" size={12} label={`Needs a person: ${card.needs_human}`} />
            </span>
          )}
          {card.assignee !== undefined && (
            <span className="ml-auto inline-flex">
              <ActorMark actor={card.assignee} />
            </span>
          )}
        </div>
        <h3 className="line-clamp-3 text-[13px] leading-[18px] font-medium wrap-anywhere text-1">
          {card.title}
        </h3>
        <div className="flex h-16 items-center gap-6">
          <TypeMark type={card.type} />
          <PriorityMark priority={card.priority} />
          {card.comments > 0 && (
            <span className="figures inline-flex items-center gap-3 text-tiny font-normal text-3">
              <Icon icon={MessageSquare} size={12} />
              <span aria-hidden>{card.comments}</span>
              <span className="sr-only">{card.comments} comments</span>
            </span>
          )}
          {card.tags.slice(0, 2).map((tag) => (
            <span key={tag} className="max-w-70 truncate text-tiny font-normal text-3">
              {tag}
            </span>
          ))}
          <Age since={card.since} />
        </div>
      </div>
      {live !== undefined && <RunFoot work={live} />}
    </article>
  );
});
