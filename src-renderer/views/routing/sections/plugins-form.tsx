import { CircleAlert, PackageOpen, X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { PlainValue } from '../../../../src-shared/lattice-yaml/edit/edit.ts';
import { namesPlugin, pluginName } from '../../../../src-shared/lattice-yaml/plugin-name.ts';
import { problemWords, saidAt } from '../../../../src-shared/routing-editor/form-edits.ts';
import { Icon } from '../../../ui/icon.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { useFocusAt } from '../pictures/use-focus-at.ts';
import { select } from '../state/draft-actions.ts';
import { useDraft } from '../state/draft-store.ts';
import { addItem, removeAt, setField } from '../state/form-actions.ts';
import { AddEntry } from './add-entry.tsx';
import { CommitInput } from './commit-input.tsx';
import { PluginSettings } from './plugin-settings.tsx';
import { SectionPage } from './section-page.tsx';

/** The plugins of OpenCode that the project asks for, and which of them are not installed. */
export function PluginsForm(): ReactNode {
  const said = useDraft((state) => saidAt(state.reading?.values ?? [], ['plugins']));
  const { container, focusAt } = useFocusAt();
  const plugins: readonly PlainValue[] = Array.isArray(said) ? said : [];
  return (
    <SectionPage title="Plugins" path={['plugins']}>
      <fieldset ref={container} aria-label="Every plugin" className="flex min-w-0 flex-col gap-8">
        {plugins.length === 0 && (
          <p className="rounded-card border border-dashed border-border px-16 py-24 text-center text-body text-2">
            No plugin yet. Add one by its name and version.
          </p>
        )}
        {[...plugins.keys()].map((index) => (
          <PluginRow
            key={index}
            index={index}
            written={String(plugins[index])}
            onRemove={() => {
              removeAt(['plugins', index], pluginName(String(plugins[index])));
              focusAt(Math.max(0, index - 1));
            }}
          />
        ))}
        <AddEntry
          label="Name and version of the new plugin"
          placeholder="name@1.0.0"
          button="Add a plugin"
          place={plugins.length}
          onAdd={(name) => addItem(['plugins'], name, `Add ${name}`)}
        />
      </fieldset>
      <PluginSettings plugins={plugins.map(String)} />
    </SectionPage>
  );
}

function PluginRow(props: { index: number; written: string; onRemove(): void }): ReactNode {
  const { index, written, onRemove } = props;
  const problem = useDraft((state) => problemWords(state.reading?.diagnostics ?? [], ['plugins', index]));
  const missing = useDraft(
    (state) => namesPlugin(written) && state.files?.plugins?.includes(pluginName(written)) !== true,
  );
  return (
    <div className="flex flex-col gap-4">
      <div className="flex items-center gap-8">
        <span className="w-360 max-w-full">
          <CommitInput
            mono
            label={`Plugin ${index + 1}`}
            value={written}
            invalid={problem !== undefined}
            onFocus={() => select(['plugins', index])}
            onCommit={(next) =>
              next === '' ? onRemove() : setField(['plugins', index], next, `Change ${written}`)
            }
          />
        </span>
        <span className="flex flex-1 items-center gap-6 text-small text-late">
          {missing && (
            <>
              <Icon icon={PackageOpen} size={13} />
              Not installed. Run lattice plugins sync.
            </>
          )}
        </span>
        <IconButton icon={X} size={24} data-place={index} label={`Remove ${written}`} onClick={onRemove} />
      </div>
      {problem !== undefined && (
        <p className="flex items-center gap-6 text-small text-fail">
          <Icon icon={CircleAlert} size={12} />
          {problem}
        </p>
      )}
    </div>
  );
}
