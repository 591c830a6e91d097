import type { ReactNode } from 'react';
import { cx } from '../../ui/cx.ts';
import { KeyHint } from '../../ui/key-hint.tsx';

export interface ChoiceCardProps {
  title: string;
  text: string;
  shortcut: string;
  figure: ReactNode;
  /** Whether it is the way that is suggested or at hand. */
  on: boolean;
  onPoint(): void;
  /** What went wrong the last time, with a way out. */
  problem?: ReactNode;
  children: ReactNode;
}

/** One of the three ways to begin. */
export function ChoiceCard(props: ChoiceCardProps): ReactNode {
  const { title, text, shortcut, figure, on, onPoint, problem, children } = props;
  return (
    <section
      aria-label={title}
      onPointerEnter={onPoint}
      onFocus={onPoint}
      className={cx(
        'flex w-304 flex-col overflow-hidden rounded-dialog border bg-surface transition-shadow duration-80 max-wide:w-288',
        on ? 'border-accent-text ring-1 ring-accent-text' : 'border-border',
      )}
    >
      <div className="flex h-132 shrink-0 justify-center border-b border-hairline bg-page">{figure}</div>
      <div className="flex flex-1 flex-col p-20 pt-18">
        <div className="flex items-center justify-between">
          <h2 className="text-heading text-1">{title}</h2>
          <KeyHint keys={shortcut} />
        </div>
        <p className="mt-4 mb-16 min-h-60 text-body text-2">{text}</p>
        <div className="flex flex-col gap-8">
          {children}
          {problem}
        </div>
      </div>
    </section>
  );
}
