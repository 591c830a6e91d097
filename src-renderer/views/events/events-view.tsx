import { ScrollText } from 'lucide-react';
import type { ReactNode } from 'react';
import { Page } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';

/** The view *Events*. */
export function EventsView(): ReactNode {
  return (
    <Page title="Events">
      <Empty icon={ScrollText} title="Nothing to show yet" text="This view is being built." />
    </Page>
  );
}
