import type { ReactNode } from 'react';
import type { YamlPath } from '../../../../src-shared/lattice-yaml/diagnostic.ts';
import type { PlainValue } from '../../../../src-shared/lattice-yaml/edit/edit.ts';
import { plainAt } from '../../../../src-shared/lattice-yaml/edit/find.ts';
import { lineOfParts, partsOfLine } from '../../../../src-shared/routing-editor/command-line.ts';
import { saidAt } from '../../../../src-shared/routing-editor/form-edits.ts';
import { Segment } from '../../../ui/segment.tsx';
import { useDraft } from '../state/draft-store.ts';
import { addEntry, setField } from '../state/form-actions.ts';
import { EntryFields, Wide } from './entry-card.tsx';
import { SwitchField, TextField } from './fields.tsx';
import { NameField } from './name-field.tsx';
import { NamedEntries } from './named-entries.tsx';
import { PairsField } from './pairs-field.tsx';
import { SectionPage } from './section-page.tsx';

/** Servers of tools: programs that start here, or addresses elsewhere. */
export function McpForm(): ReactNode {
  const said = useDraft((state) => saidAt(state.reading?.values ?? [], ['mcp']));
  return (
    <SectionPage title="MCP servers" path={['mcp']}>
      <NamedEntries
        section="mcp"
        one="server"
        none="No server yet. A server gives agents tools, such as a browser or a database."
        summary={(name) => <Summary server={plainAt(said, [name])} />}
        onAdd={(name) => addEntry(['mcp', name], { command: ['npx', '-y', name] }, `Add ${name}`)}
      >
        {(path) => <Server path={path} server={plainAt(said, path.slice(1))} />}
      </NamedEntries>
    </SectionPage>
  );
}

function Summary({ server }: { server: PlainValue }): ReactNode {
  const url = plainAt(server, ['url']);
  const off = plainAt(server, ['enabled']) === false;
  return (
    <span className="truncate font-mono">
      {off && 'off · '}
      {typeof url === 'string' ? url : commandText(plainAt(server, ['command']))}
    </span>
  );
}

function Server({ path, server }: { path: YamlPath; server: PlainValue }): ReactNode {
  const remote = plainAt(server, ['url']) !== null;
  const command = plainAt(server, ['command']);
  return (
    <EntryFields>
      <NameField path={path} />
      <SwitchField path={[...path, 'enabled']} label="Enabled" without words={['Agents get it', 'Off']} />
      <Wide>
        <TextField path={[...path, 'description']} label="Description" />
      </Wide>
      <Wide>
        <Segment
          label="Where it runs"
          value={remote ? 'url' : 'command'}
          onChange={(kind) => changeKind(path, kind)}
          options={[
            { value: 'command', label: 'Starts here' },
            { value: 'url', label: 'Runs elsewhere' },
          ]}
        />
      </Wide>
      {remote ? (
        <>
          <Wide>
            <TextField path={[...path, 'url']} label="Address" mono placeholder="https://host/mcp" />
          </Wide>
          <Wide>
            <PairsField path={[...path, 'headers']} label="Headers" one="header" />
          </Wide>
        </>
      ) : (
        <>
          <Wide>
            <TextField
              path={[...path, 'command']}
              label="Command"
              mono
              placeholder="npx -y @modelcontextprotocol/server-memory"
              write={commandText}
              read={typeof command === 'string' ? (text) => text : partsOfLine}
            />
          </Wide>
          {plainAt(server, ['args']) !== null && (
            <Wide>
              <TextField
                path={[...path, 'args']}
                label="Arguments"
                mono
                write={commandText}
                read={partsOfLine}
              />
            </Wide>
          )}
          <Wide>
            <PairsField path={[...path, 'env']} label="Variables" one="variable" />
          </Wide>
        </>
      )}
    </EntryFields>
  );
}

/** A server either starts here or runs elsewhere: the keys of the other kind go in the same step. */
function changeKind(path: YamlPath, kind: 'command' | 'url'): void {
  const server = saidAt(useDraft.getState().reading?.values ?? [], path);
  const other = kind === 'url' ? ['command', 'args', 'env'] : ['url', 'headers'];
  const kept = Object.entries((server ?? {}) as Record<string, PlainValue>).filter(
    ([key]) => !other.includes(key),
  );
  const start: PlainValue = kind === 'url' ? 'https://' : ['npx', '-y', String(path.at(-1))];
  setField(path, { ...Object.fromEntries(kept), [kind]: start }, 'Change where it runs');
}

function commandText(value: PlainValue): string {
  if (Array.isArray(value)) return lineOfParts(value.map(String));
  return typeof value === 'string' ? value : '';
}
