import type { ReactNode } from 'react';
import type { PlainValue } from '../../../../src-shared/lattice-yaml/edit/edit.ts';
import { plainAt } from '../../../../src-shared/lattice-yaml/edit/find.ts';
import { pluginName } from '../../../../src-shared/lattice-yaml/plugin-name.ts';
import { saidAt } from '../../../../src-shared/routing-editor/form-edits.ts';
import { isPlainMap } from '../../../../src-shared/routing-editor/gestures.ts';
import { schemaAt } from '../../../../src-shared/routing-editor/schema-walk.ts';
import { plural } from '../../../ui/format.ts';
import { useDraft } from '../state/draft-store.ts';
import { addEntry } from '../state/form-actions.ts';
import { EntryFields, Wide } from './entry-card.tsx';
import { HelpWords } from './help-words.tsx';
import { NameField } from './name-field.tsx';
import { NamedEntries } from './named-entries.tsx';
import { YamlField } from './yaml-field.tsx';

/** What each plugin is told; only the plugin knows what fits, so it is written as YAML. */
export function PluginSettings({ plugins }: { plugins: readonly string[] }): ReactNode {
  const said = useDraft((state) => saidAt(state.reading?.values ?? [], ['plugin_config']));
  const next = plugins.map(pluginName).find((name) => plainAt(said, [name]) === null);
  return (
    <section aria-label="Settings of plugins" className="flex flex-col gap-8 border-t border-hairline pt-14">
      <div className="flex flex-col gap-2">
        <h3 className="text-body font-semibold text-1">Settings of plugins</h3>
        <p className="text-body text-2">
          <HelpWords text={schemaAt(['plugin_config'])?.description} />
        </p>
      </div>
      <NamedEntries
        section="plugin_config"
        one="setting"
        label="Name of the plugin to set"
        button="Set a plugin"
        none="No plugin is set. Without settings each goes by its own."
        placeholder={next ?? 'opencode-notes'}
        summary={(name) => keysOf(plainAt(said, [name]))}
        onAdd={(name) => addEntry(['plugin_config', name], {}, `Set ${name}`)}
      >
        {(path) => (
          <EntryFields>
            <Wide>
              <NameField path={path} hint="The name of the plugin without its version." />
            </Wide>
            <Wide>
              <YamlField
                path={path}
                label="Settings"
                placeholder="folder: ./notes"
                hint="Handed to the plugin as it stands. Ctrl Enter takes it over, Escape takes it back."
              />
            </Wide>
          </EntryFields>
        )}
      </NamedEntries>
    </section>
  );
}

function keysOf(value: PlainValue): ReactNode {
  if (!isPlainMap(value)) return null;
  const names = Object.keys(value);
  return (
    <span className="truncate font-mono">
      {names.length > 4 ? plural(names.length, 'key') : names.join(', ')}
    </span>
  );
}
