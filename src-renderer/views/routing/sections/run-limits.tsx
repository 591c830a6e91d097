import type { ReactNode } from 'react';
import { type RunKind, runKeys } from '../../../../src-shared/lattice-yaml/run-schema.ts';
import { EntryFields } from './entry-card.tsx';
import { ChoiceField, ListField, NumberField } from './fields.tsx';
import { ItemsField } from './items-field.tsx';
import { PairsField } from './pairs-field.tsx';

const PERMISSIONS = [
  { value: 'ask', label: 'Ask a person' },
  { value: 'allow', label: 'Allow it' },
  { value: 'deny', label: 'Deny it' },
];
const FOLDERS = [
  { value: 'project', label: 'The project' },
  { value: 'worktree', label: 'A worktree of its own' },
  { value: 'temporary', label: 'An empty folder' },
];
const NETWORK = [
  { value: 'on', label: 'On' },
  { value: 'off', label: 'Off' },
];

/** What a run may do without asking, what it may touch, and when it ends. */
export function RunLimits({ path, kind }: { path: string[]; kind: RunKind }): ReactNode {
  const knows = (key: string) => runKeys[kind].includes(key);
  return (
    <>
      {knows('permissions') && (
        <Group title="Permissions">
          <ChoiceField
            path={[...path, 'permissions', 'default']}
            label="Other tools"
            options={PERMISSIONS}
            without="Ask a person"
          />
          <ItemsField
            path={[...path, 'permissions', 'allow']}
            label="Allowed"
            one="rule"
            placeholder="execute:npm test*"
          />
          <ItemsField
            path={[...path, 'permissions', 'deny']}
            label="Denied"
            one="rule"
            placeholder="execute:git push*"
          />
          {knows('approve') && (
            <ItemsField
              path={[...path, 'approve']}
              label="Asked each time"
              one="rule"
              placeholder="mcp:clock/now"
            />
          )}
        </Group>
      )}
      <Group title="Limits">
        <NumberField path={[...path, 'timeout_ms']} label="Time" placeholder="no limit" />
        <NumberField
          path={[...path, 'max_parallel']}
          label="At once"
          placeholder="as many as the station takes"
        />
        {knows('max_steps') && (
          <NumberField path={[...path, 'max_steps']} label="Turns" placeholder="no limit" />
        )}
        {knows('silence_ms') && (
          <NumberField path={[...path, 'silence_ms']} label="Silence" placeholder="300000" />
        )}
      </Group>
      {knows('sandbox') && (
        <Group title="Sandbox">
          <ChoiceField
            path={[...path, 'sandbox', 'folder']}
            label="Folder"
            options={FOLDERS}
            without="The project"
          />
          <ChoiceField
            path={[...path, 'sandbox', 'network']}
            label="Network"
            options={NETWORK}
            without="On"
          />
          <NumberField path={[...path, 'sandbox', 'memory_mb']} label="Memory" placeholder="no limit" />
          <NumberField path={[...path, 'sandbox', 'processes']} label="Processes" placeholder="no limit" />
          <ListField path={[...path, 'sandbox', 'env']} label="Own variables" placeholder="none" />
          <PairsField path={[...path, 'env']} label="Variables" one="variable" />
        </Group>
      )}
    </>
  );
}

/** Fields that belong together, under a heading. */
export function Group({ title, children }: { title: string; children: ReactNode }): ReactNode {
  return (
    <section aria-label={title} className="flex flex-col gap-10 border-t border-hairline pt-12">
      <h3 className="text-body font-semibold text-1">{title}</h3>
      <EntryFields>{children}</EntryFields>
    </section>
  );
}
