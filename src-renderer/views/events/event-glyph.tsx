import type { ReactNode } from 'react';
import { cx } from '../../ui/cx.ts';
import { Glyph } from '../../ui/glyph.tsx';
import { Icon } from '../../ui/icon.tsx';
import { TONE_FILL } from '../../ui/status.ts';
import { EVENT_KINDS, type EventKind } from './event-kinds.ts';

/** The shape of an event of 14; its word stands beside it. */
export function EventGlyph({ kind, className }: { kind: EventKind; className?: string }): ReactNode {
  const { shape } = EVENT_KINDS[kind];
  if ('status' in shape)
    return <Glyph status={shape.status} size={14} {...(className === undefined ? {} : { className })} />;
  return <Icon icon={shape.icon} size={14} className={cx(TONE_FILL[shape.tone], className)} />;
}
