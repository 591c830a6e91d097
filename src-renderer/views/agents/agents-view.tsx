import { Bot } from 'lucide-react';
import type { ReactNode } from 'react';
import { Page } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';

/** The view *Agents*. */
export function AgentsView(): ReactNode {
  return (
    <Page title="Agents">
      <Empty icon={Bot} title="Nothing to show yet" text="This view is being built." />
    </Page>
  );
}
