import { Waypoints } from 'lucide-react';
import type { ReactNode } from 'react';
import { Page } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';

/** The view *Overview*. */
export function OverviewView(): ReactNode {
  return (
    <Page title="Overview">
      <Empty icon={Waypoints} title="Nothing to show yet" text="This view is being built." />
    </Page>
  );
}
