import { Link } from '@tanstack/react-router';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { LogEntry } from '../../../../src-shared/views/work-detail.ts';
import { Code } from '../../../ui/code.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { exact } from '../../../ui/format.ts';
import { scrollProps } from '../../../ui/grid-roles.ts';
import { IconButton } from '../../../ui/icon-button.tsx';
import { shortId } from '../../../ui/id.tsx';
import { RegionHead } from '../../../ui/page.tsx';
import { readable } from '../detail/result-panel.tsx';

function Fact({ name, children }: { name: string; children: ReactNode }): ReactNode {
  return (
    <>
      <dt className="text-3">{name}</dt>
      <dd className="takeable min-w-0 wrap-anywhere text-1">{children}</dd>
    </>
  );
}

/** One entry of the log with the event it stands for, as it is stored. */
export function EntryDetail({ entry, onClose }: { entry: LogEntry; onClose(): void }): ReactNode {
  return (
    <aside
      aria-label="Event in detail"
      className="flex w-392 shrink-0 flex-col border-l border-hairline max-wide:w-320"
    >
      <RegionHead title={entry.type} meta={`#${entry.seq}`}>
        <CopyButton text={entry.event} label="Copy the event" size={24} />
        <IconButton icon={X} label="Close the detail" size={24} onClick={onClose} />
      </RegionHead>
      <div {...scrollProps('Event')} className="min-h-0 flex-1 overflow-y-auto -outline-offset-2">
        <p className="takeable px-16 pt-12 text-body wrap-anywhere text-1">{entry.text}</p>
        <dl className="grid grid-cols-[72px_minmax(0,1fr)] gap-x-12 gap-y-4 px-16 py-12 text-small">
          <Fact name="Time">
            <span className="font-mono text-mono-small">{exact(entry.time)}</span>
          </Fact>
          {entry.station_name !== undefined && <Fact name="Station">{entry.station_name}</Fact>}
          {entry.agent !== undefined && <Fact name="Agent">{entry.agent}</Fact>}
          {entry.by !== undefined && <Fact name="By">{entry.by}</Fact>}
          {entry.work_id !== undefined && (
            <Fact name="Work">
              <Link
                to="/work/$workId"
                params={{ workId: entry.work_id }}
                className="text-accent-text hover:underline"
              >
                <Code className="text-inherit">{shortId(entry.work_id)}</Code>
              </Link>
            </Fact>
          )}
        </dl>
        <pre className="takeable border-t border-hairline bg-inset px-16 py-12 font-mono text-mono-small whitespace-pre-wrap wrap-anywhere text-2">
          {readable(entry.event)}
        </pre>
      </div>
    </aside>
  );
}
