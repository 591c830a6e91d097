import type { ReactNode } from 'react';
import type { PreviewBasis } from '../../../../src-shared/routing-editor/preview.ts';
import type { Section } from '../panes/sections.ts';
import { BudgetsForm } from './budgets-form.tsx';
import { CommandsForm } from './commands-form.tsx';
import { HooksForm } from './hooks-form.tsx';
import { McpForm } from './mcp-form.tsx';
import { PluginsForm } from './plugins-form.tsx';
import { ProjectForm } from './project-form.tsx';
import { ProvidersForm } from './providers-form.tsx';
import { VcsForm } from './vcs-form.tsx';

/** The form of a section of the file. */
export function SectionForm(props: {
  panel: Exclude<Section['panel'], 'defaults'>;
  basis: PreviewBasis;
}): ReactNode {
  const { panel, basis } = props;
  switch (panel) {
    case 'project':
      return <ProjectForm />;
    case 'providers':
      return <ProvidersForm basis={basis} />;
    case 'budgets':
      return <BudgetsForm basis={basis} />;
    case 'hooks':
      return <HooksForm />;
    case 'commands':
      return <CommandsForm />;
    case 'vcs':
      return <VcsForm />;
    case 'mcp':
      return <McpForm />;
    case 'plugins':
      return <PluginsForm />;
    default:
      return panel satisfies never;
  }
}
