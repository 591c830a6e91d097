import { RadioTower } from 'lucide-react';
import type { ReactNode } from 'react';
import { Page } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';

/** The view *Hub*. */
export function HubView(): ReactNode {
  return (
    <Page title="Hub">
      <Empty icon={RadioTower} title="Nothing to show yet" text="This view is being built." />
    </Page>
  );
}
