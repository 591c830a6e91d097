import {
  FolderGit2,
  GitBranch,
  KeyRound,
  Puzzle,
  Server,
  SlidersHorizontal,
  Terminal,
  Wallet,
  Webhook,
} from 'lucide-react';
import { saidAt } from '../../../../src-shared/routing-editor/form-edits.ts';
import { HOOK_EVENTS } from '../../../../src-shared/routing-editor/form-words.ts';
import { isPlainMap } from '../../../../src-shared/routing-editor/gestures.ts';
import type { LayerValues } from '../../../../src-shared/routing-editor/layers.ts';
import type { IconType } from '../../../ui/icon.tsx';
import type { Panel } from '../state/draft-store.ts';
import { namesIn } from '../state/form-actions.ts';

/** A page of the file beside its agents. */
export interface Section {
  readonly panel: Exclude<Panel, 'agent'>;
  readonly title: string;
  readonly icon: IconType;
}

/** The pages in the order of the left pane. */
export const SECTIONS: readonly Section[] = [
  { panel: 'project', title: 'Project', icon: FolderGit2 },
  { panel: 'defaults', title: 'Defaults', icon: SlidersHorizontal },
  { panel: 'providers', title: 'Providers', icon: KeyRound },
  { panel: 'budgets', title: 'Budgets', icon: Wallet },
  { panel: 'hooks', title: 'Hooks', icon: Webhook },
  { panel: 'commands', title: 'Commands', icon: Terminal },
  { panel: 'vcs', title: 'Version control', icon: GitBranch },
  { panel: 'mcp', title: 'MCP servers', icon: Server },
  { panel: 'plugins', title: 'Plugins', icon: Puzzle },
];

const BUDGETS = ['local_budget', 'daily_budget', 'daily_calls'];

/** How much each page holds; a page that holds one thing has no figure. */
export function sectionCounts(values: LayerValues): Partial<Record<Section['panel'], number>> {
  const items = (path: string[]) => {
    const said = saidAt(values, path);
    return Array.isArray(said) ? said.length : 0;
  };
  const providers = namesIn(values, ['providers']);
  return {
    providers: providers.length,
    budgets: providers.filter((name) => {
      const said = saidAt(values, ['providers', name]);
      return isPlainMap(said) && BUDGETS.some((key) => Object.hasOwn(said, key));
    }).length,
    hooks: Object.keys(HOOK_EVENTS).reduce((sum, event) => sum + items(['hooks', event]), 0),
    commands: namesIn(values, ['commands']).length,
    mcp: namesIn(values, ['mcp']).length,
    plugins: items(['plugins']),
  };
}
