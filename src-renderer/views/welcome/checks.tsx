import type { ReactNode } from 'react';
import { useAnswer } from '../../data/queries.ts';
import { Glyph } from '../../ui/glyph.tsx';
import { Tip } from '../../ui/tooltip.tsx';

/** What this machine has and lacks, as main found it. */
export function Checks(): ReactNode {
  const checks = useAnswer('app.checks').data ?? [];
  if (checks.length === 0) return <div className="h-40" />;
  return (
    <ul
      aria-label="Checks of this machine"
      className="flex min-h-40 flex-wrap items-center justify-center gap-x-24 gap-y-6 rounded-hub border border-border bg-surface px-20 py-8 text-small text-2"
    >
      {checks.map((check) => {
        const item = (
          <li key={check.id} className="inline-flex items-center gap-8">
            <Glyph
              status={check.ok ? 'completed' : 'late'}
              size={12}
              label={check.ok ? 'Fine' : 'Look at this'}
            />
            {check.label}
          </li>
        );
        return check.hint === undefined ? (
          item
        ) : (
          <Tip key={check.id} text={check.hint}>
            {item}
          </Tip>
        );
      })}
    </ul>
  );
}
