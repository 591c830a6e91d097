import { Settings2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { Page } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';

/** The view *Settings*. */
export function SettingsView(): ReactNode {
  return (
    <Page title="Settings">
      <Empty icon={Settings2} title="Nothing to show yet" text="This view is being built." />
    </Page>
  );
}
