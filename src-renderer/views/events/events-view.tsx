import { type ReactNode, useState } from 'react';
import { Page } from '../../ui/page.tsx';
import { Segment } from '../../ui/segment.tsx';
import { LiveEvents } from './live-events.tsx';

interface EventsTab {
  value: string;
  label: string;
  /** Shows the tab; `lead` belongs at the left of its toolbar. */
  render(lead: ReactNode): ReactNode;
}

const live: EventsTab = { value: 'live', label: 'Live', render: (lead) => <LiveEvents lead={lead} /> };
const tabs: readonly EventsTab[] = [live];

/** What happens on the lattice. */
export function EventsView(): ReactNode {
  const [value, setValue] = useState(live.value);
  const tab = tabs.find((candidate) => candidate.value === value) ?? live;
  const choice = tabs.length > 1 && (
    <Segment label="Show" value={tab.value} onChange={setValue} options={tabs} />
  );
  return <Page title="Events">{tab.render(choice)}</Page>;
}
