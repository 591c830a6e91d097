import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { Glyph } from './glyph.tsx';
import { Icon, type IconType } from './icon.tsx';
import { STATUSES, type Status, TONE_SUBTLE, TONE_TEXT, type Tone } from './status.ts';

const FRAME = 'inline-flex h-20 shrink-0 items-center gap-5 rounded-badge px-7 text-small font-medium';

/** A state as glyph and word on its own subtle background; `word` and `tone` replace the usual ones. */
export function Badge(props: { status: Status; word?: string; tone?: Tone; percent?: number }): ReactNode {
  const { status, word, percent } = props;
  const { tone: own, word: usual } = STATUSES[status];
  const tone = props.tone ?? own;
  return (
    <span className={cx(FRAME, TONE_SUBTLE[tone], tone === 'calm' ? 'text-2' : TONE_TEXT[tone])}>
      <Glyph status={status} size={12} percent={percent} />
      {word ?? usual}
    </span>
  );
}

/** A fact with a tone that is no state of a thing, for example a conflict. */
export function ToneBadge(props: { tone: Tone; icon: IconType; children: ReactNode }): ReactNode {
  return (
    <span className={cx(FRAME, TONE_SUBTLE[props.tone], TONE_TEXT[props.tone])}>
      <Icon icon={props.icon} size={12} />
      {props.children}
    </span>
  );
}
