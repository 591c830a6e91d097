import { Waypoints } from 'lucide-react';
import type { ReactNode } from 'react';
import { Page } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';

/** The view *Welcome*. */
export function WelcomeView(): ReactNode {
  return (
    <Page title="Welcome">
      <Empty icon={Waypoints} title="Nothing to show yet" text="This view is being built." />
    </Page>
  );
}
