import { Tabs } from '@base-ui/react/tabs';
import { type ReactNode, Suspense, useState } from 'react';
import { isEnded } from '../../../../src-shared/protocol/work.ts';
import type { WorkDetail } from '../../../../src-shared/views/work-detail.ts';
import { useCompact } from '../../../app/use-compact.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { Output } from '../../../ui/output.tsx';
import { RegionHead } from '../../../ui/page.tsx';
import { Loading } from '../../../ui/states.tsx';
import { ActivityStream } from '../../activity/lazy-stream.ts';
import type { Stream } from '../../activity/stream-items.ts';
import { HistoryPanel } from './history-panel.tsx';
import { OrderPanel } from './order-panel.tsx';
import { textOf, type WorkOutput } from './output-lines.ts';
import { hasResult, ResultPanel } from './result-panel.tsx';
import { WhyPanel, whyTitle } from './why-panel.tsx';

type TabName = 'output' | 'result' | 'why' | 'history' | 'order';

export interface DetailTabsProps {
  detail: WorkDetail;
  output: WorkOutput;
  /** What it does, typed, when its agent tells it. */
  stream: Stream | undefined;
  /** The line of the output to show. */
  reveal: { key: string } | undefined;
}

function emptyOutput({ record }: WorkDetail): string {
  if (record.attempt === 0) return isEnded(record.status) ? 'It never started.' : 'It has not started yet.';
  return isEnded(record.status) ? 'It said nothing.' : 'Nothing yet.';
}

/** What a work said, gave back and went through; its reasons stand beside it when there is room. */
export function DetailTabs({ detail, output, stream, reveal }: DetailTabsProps): ReactNode {
  const { record, steps } = detail;
  const compact = useCompact();
  const [tools, setTools] = useState<HTMLElement | null>(null);
  const [picked, pick] = useState<TabName>(() =>
    isEnded(record.status) && hasResult(record) ? 'result' : 'output',
  );
  const [seen, setSeen] = useState(reveal);
  if (seen !== reveal) {
    setSeen(reveal);
    pick('output');
  }
  const tabs: { name: TabName; title: string }[] = [
    { name: 'output', title: stream === undefined ? 'Output' : 'Activity' },
    ...(hasResult(record) ? [{ name: 'result', title: 'Result' } as const] : []),
    ...(compact ? [{ name: 'why', title: whyTitle(record) } as const] : []),
    { name: 'history', title: 'History' },
    { name: 'order', title: 'Order' },
  ];
  const shown = tabs.some((tab) => tab.name === picked) ? picked : 'output';
  return (
    <div className="flex min-h-160 flex-1 border-t border-hairline">
      <Tabs.Root
        value={shown}
        onValueChange={(next: TabName) => pick(next)}
        className="flex min-w-0 flex-1 flex-col"
      >
        <div className="flex h-36 shrink-0 items-center gap-8 border-b border-hairline pr-16 pl-12 max-wide:pl-8">
          <Tabs.List aria-label="About this work" className="flex h-full items-center" activateOnFocus>
            {tabs.map((tab) => (
              <Tabs.Tab
                key={tab.name}
                value={tab.name}
                className="h-28 rounded-control px-8 text-small font-medium text-3 -outline-offset-2 transition-colors duration-120 hover:text-1 data-active:font-semibold data-active:text-1"
              >
                {tab.title}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <div ref={setTools} className="ml-auto flex items-center gap-8" />
        </div>
        <Tabs.Panel value={shown} className="flex min-h-0 flex-1 flex-col outline-none">
          {shown === 'output' && stream !== undefined && (
            <Suspense fallback={<Loading label="Loading the activity" />}>
              <ActivityStream stream={stream} tools={tools} reveal={reveal} />
            </Suspense>
          )}
          {shown === 'output' && stream === undefined && (
            <Output
              title="Output"
              lines={output.lines}
              empty={emptyOutput(detail)}
              tools={tools}
              reveal={reveal}
              actions={<CopyButton text={() => textOf(output.lines)} label="Copy the output" size={24} />}
            />
          )}
          {shown === 'result' && <ResultPanel record={record} />}
          {shown === 'why' && <WhyPanel record={record} />}
          {shown === 'history' && <HistoryPanel steps={steps} />}
          {shown === 'order' && <OrderPanel record={record} />}
        </Tabs.Panel>
      </Tabs.Root>
      {!compact && (
        <aside
          aria-label={whyTitle(record)}
          className="flex w-288 shrink-0 flex-col border-l border-hairline"
        >
          <RegionHead title={whyTitle(record)} line={false} />
          <WhyPanel record={record} />
        </aside>
      )}
    </div>
  );
}
