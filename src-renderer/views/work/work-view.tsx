import { Activity } from 'lucide-react';
import type { ReactNode } from 'react';
import { Page } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';

/** The view *Work*. */
export function WorkView(): ReactNode {
  return (
    <Page title="Work">
      <Empty icon={Activity} title="Nothing to show yet" text="This view is being built." />
    </Page>
  );
}
