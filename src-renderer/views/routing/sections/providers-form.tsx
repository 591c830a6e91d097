import type { ReactNode } from 'react';
import type { YamlPath } from '../../../../src-shared/lattice-yaml/diagnostic.ts';
import { own } from '../../../../src-shared/routing/own.ts';
import type { PreviewBasis } from '../../../../src-shared/routing-editor/preview.ts';
import { priceWithout } from '../../../../src-shared/routing-editor/price-words.ts';
import { Glyph } from '../../../ui/glyph.tsx';
import { useDraft } from '../state/draft-store.ts';
import { addEntry } from '../state/form-actions.ts';
import { EntryFields, Wide } from './entry-card.tsx';
import { ListField, TextField } from './fields.tsx';
import { FiguresField } from './figures-field.tsx';
import { NameField } from './name-field.tsx';
import { NamedEntries } from './named-entries.tsx';
import { SectionPage } from './section-page.tsx';

/** Where models come from, and whether their keys are there. */
export function ProvidersForm({ basis }: { basis: PreviewBasis }): ReactNode {
  return (
    <SectionPage title="Providers" path={['providers']}>
      <NamedEntries
        section="providers"
        one="provider"
        none="No provider yet. A provider says where models come from and which variable holds its key."
        placeholder="openai"
        summary={(name) => <KeyState name={name} basis={basis} />}
        onAdd={(name) => addEntry(['providers', name], { env: `${variableOf(name)}_API_KEY` }, `Add ${name}`)}
      >
        {(path, name) => <Provider path={path} name={name} basis={basis} />}
      </NamedEntries>
    </SectionPage>
  );
}

function variableOf(name: string): string {
  return name.toUpperCase().replace(/\W+/g, '_');
}

function KeyState({ name, basis }: { name: string; basis: PreviewBasis }): ReactNode {
  const provider = useDraft((state) => state.reading?.value.providers?.[name]);
  const key = provider?.env;
  if (key === undefined)
    return provider?.auth === undefined ? 'Needs no key' : `Signs in with ${provider.auth}`;
  const missing = own(basis.known.keys, key) === false;
  return (
    <span
      className={
        missing ? 'flex min-w-0 items-center gap-6 text-late' : 'flex min-w-0 items-center gap-6 text-2'
      }
    >
      <Glyph status={missing ? 'late' : 'online'} size={12} />
      <span className="truncate">{missing ? `${key} is not set on this machine` : `${key} is set`}</span>
    </span>
  );
}

const PRICES = [
  { key: 'input', label: 'Sent' },
  { key: 'output', label: 'Answered' },
  { key: 'cache_read', label: 'Cache read' },
  { key: 'cache_write', label: 'Cache written' },
] as const;

function Provider(props: { path: YamlPath; name: string; basis: PreviewBasis }): ReactNode {
  const { path, name, basis } = props;
  const at = (key: string) => [...path, key];
  return (
    <EntryFields>
      <NameField path={path} hint="The word before the slash of its models." />
      <TextField
        path={at('env')}
        label="Variable of the key"
        mono
        placeholder={`${variableOf(name)}_API_KEY`}
      />
      <TextField path={at('auth')} label="Sign-in" />
      <TextField path={at('tier')} label="Plan" placeholder="pro" />
      <Wide>
        <ListField path={at('models')} label="Models" placeholder="every model" />
      </Wide>
      <TextField path={at('base_url')} label="Address of the API" mono placeholder="https://host/v1" />
      <ListField path={at('format')} label="Format" placeholder="chat" orText />
      <Wide>
        <FiguresField
          path={at('prices')}
          label="Prices, in dollars for a million tokens"
          what="prices"
          columns={PRICES}
          without={(model, key, row) => priceWithout(basis.known, `${name}/${model}`, key, row)}
        />
      </Wide>
    </EntryFields>
  );
}
