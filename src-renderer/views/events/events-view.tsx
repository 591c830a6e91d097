import { type ReactNode, useState } from 'react';
import { Page } from '../../ui/page.tsx';
import { Segment } from '../../ui/segment.tsx';
import { AuditLog } from '../work/audit-log.tsx';
import { LiveEvents } from './live-events.tsx';

interface EventsTab {
  value: string;
  label: string;
  /** Shows the tab; `lead` belongs at the left of its toolbar. */
  render(lead: ReactNode): ReactNode;
}

const live: EventsTab = { value: 'live', label: 'Live', render: (lead) => <LiveEvents lead={lead} /> };
const audit: EventsTab = { value: 'audit', label: 'Audit log', render: (lead) => <AuditLog lead={lead} /> };
const tabs: readonly EventsTab[] = [live, audit];

/** What happens on the lattice. */
export function EventsView(): ReactNode {
  const [value, setValue] = useState(live.value);
  const tab = tabs.find((candidate) => candidate.value === value) ?? live;
  return (
    <Page title="Events">
      {tab.render(<Segment label="Show" value={tab.value} onChange={setValue} options={tabs} />)}
    </Page>
  );
}
