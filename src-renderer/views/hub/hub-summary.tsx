import { Popover } from '@base-ui/react/popover';
import { Check, Lock, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { HubMetrics } from '../../../src-shared/views/hub.ts';
import type { HubView } from '../../../src-shared/views/node.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { cx } from '../../ui/cx.ts';
import { bytes, plural } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { FLOAT, POP } from '../../ui/layer.ts';
import { hostOf, openTo } from './hub-facts.ts';

/** One fact of the line under the header. */
export function SummaryFact(props: { name: string; children: ReactNode; className?: string }): ReactNode {
  return (
    <div className={cx('flex min-w-0 flex-col gap-2', props.className ?? 'shrink-0')}>
      <dt className="text-small text-3">{props.name}</dt>
      <dd className="takeable flex h-18 min-w-0 items-center gap-6 text-small text-1">{props.children}</dd>
    </div>
  );
}

/** The line of facts under the header of the view. */
export function SummaryLine({ children }: { children: ReactNode }): ReactNode {
  return (
    <dl
      aria-label="Facts"
      className="flex min-h-60 shrink-0 items-center gap-28 border-b border-hairline px-20 max-wide:gap-20"
    >
      {children}
    </dl>
  );
}

function FeatureCheck({ off }: { off: readonly string[] }): ReactNode {
  if (off.length === 0)
    return (
      <>
        <Icon icon={Check} size={12} className="text-good" />
        All features on
      </>
    );
  return (
    <Popover.Root>
      <Popover.Trigger className="inline-flex items-center gap-6 rounded-hint text-late hover:underline">
        <Icon icon={TriangleAlert} size={12} />
        {plural(off.length, 'feature')} off
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={6} align="end" collisionPadding={8} className="z-50">
          <Popover.Popup className={cx(FLOAT, POP, 'w-360 rounded-card p-12')}>
            <Popover.Title className="text-small font-semibold text-1">
              What this server cannot do
            </Popover.Title>
            <ul className="mt-8 flex list-disc flex-col gap-6 pl-16 text-small text-2">
              {off.map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ul>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** Where the hub is, who can reach it, what it is and what it keeps. */
export function HubSummary({ hub, metrics }: { hub: HubView; metrics: HubMetrics | undefined }): ReactNode {
  const store = metrics === undefined ? undefined : bytes(metrics.store_bytes);
  const most =
    metrics === undefined || metrics.max_store_bytes <= 0 ? '' : ` of ${bytes(metrics.max_store_bytes)}`;
  return (
    <SummaryLine>
      {hub.url !== undefined && (
        <SummaryFact name="Address">
          <span className="font-mono text-mono-small">{hub.url}</span>
          <CopyButton text={hub.url} label="Copy the address" />
        </SummaryFact>
      )}
      <SummaryFact name="Open to">
        <Icon icon={Lock} size={12} className="text-good" />
        {openTo(hub)}
      </SummaryFact>
      {hub.version !== undefined && (
        <SummaryFact name="Server">
          nats-server {hub.version}
          {hub.restarts > 0 && <span className="text-3">{plural(hub.restarts, 'restart')}</span>}
          {hub.adopted && <span className="text-3 max-wide:hidden">found running</span>}
        </SummaryFact>
      )}
      <SummaryFact name="Store" className="min-w-80 flex-initial">
        <span className="truncate" title={hub.store_dir}>
          {store}
          {most}
          {hub.store_dir !== undefined && (
            <span className="text-2 max-wide:hidden">
              {store === undefined ? '' : ' in '}
              {hub.store_dir}
            </span>
          )}
        </span>
      </SummaryFact>
      {hub.monitor_url !== undefined && (
        <SummaryFact name="Monitor">
          <span className="font-mono text-mono-small">{hostOf(hub.monitor_url)}</span>
        </SummaryFact>
      )}
      <SummaryFact name="Feature check">
        <FeatureCheck off={hub.features_off} />
      </SummaryFact>
    </SummaryLine>
  );
}
