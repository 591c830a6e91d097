import { Server } from 'lucide-react';
import type { ReactNode } from 'react';
import { Page } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';

/** The view *Stations*. */
export function StationsView(): ReactNode {
  return (
    <Page title="Stations">
      <Empty icon={Server} title="Nothing to show yet" text="This view is being built." />
    </Page>
  );
}
