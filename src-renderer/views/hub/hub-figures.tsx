import type { ReactNode } from 'react';
import type { HubSample } from '../../../src-shared/views/hub.ts';
import { Sparkline } from '../../ui/sparkline.tsx';
import { hubFigures } from './hub-facts.ts';

/** Six figures of the hub with their last minute. */
export function HubFigures({ samples }: { samples: readonly HubSample[] }): ReactNode {
  return (
    <dl
      aria-label="Figures"
      className="grid shrink-0 grid-cols-6 gap-px border-b border-hairline bg-hairline max-wide:grid-cols-3"
    >
      {hubFigures(samples).map((figure) => (
        <div key={figure.id} className="flex min-w-0 flex-col bg-page px-20 pt-12 pb-10 max-wide:py-8">
          <dt className="truncate text-small text-2">{figure.label}</dt>
          <dd className="flex flex-col gap-8">
            <span className="figures flex h-24 items-baseline gap-6">
              <span className="text-figure-small text-1">{figure.amount}</span>
              <span className="truncate text-small text-3">{figure.unit}</span>
            </span>
            <span className="max-wide:hidden">
              <Sparkline values={figure.values} label={`${figure.label}, last minute`} tone={figure.tone} />
            </span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
