import { Bot, Users } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ActorView } from '../../../../src-shared/views/board.ts';
import { Icon } from '../../../ui/icon.tsx';
import { initialsOf } from '../../work/words.ts';

/** Who it is in 18 pixels: initials in a circle for a person, a square for an agent. */
export function ActorMark({ actor, named = false }: { actor: ActorView; named?: boolean }): ReactNode {
  const words = named ? {} : { role: 'img', 'aria-label': actor.name, title: actor.name };
  if (actor.kind === 'person')
    return (
      <span
        {...words}
        aria-hidden={named || undefined}
        className="inline-flex size-18 shrink-0 items-center justify-center rounded-full bg-track text-[9px] leading-none font-semibold text-1"
      >
        {initialsOf(actor.name)}
      </span>
    );
  return (
    <span
      {...words}
      aria-hidden={named || undefined}
      className="inline-flex size-18 shrink-0 items-center justify-center rounded-hint border border-border bg-surface text-3"
    >
      <Icon icon={actor.kind === 'team' ? Users : Bot} size={12} />
    </span>
  );
}

/** The mark and the name. */
export function ActorName({ actor }: { actor: ActorView }): ReactNode {
  return (
    <span className="inline-flex min-w-0 items-center gap-6">
      <ActorMark actor={actor} named />
      <span className="truncate">{actor.name}</span>
    </span>
  );
}
