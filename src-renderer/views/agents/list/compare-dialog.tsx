import type { ReactNode } from 'react';
import type { AgentView } from '../../../../src-shared/views/mesh.ts';
import { Button } from '../../../ui/button.tsx';
import { cx } from '../../../ui/cx.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import type { AgentGroup } from '../logic/agent-groups.ts';
import { listNames } from '../logic/agent-groups.ts';

const FACTS: readonly { label: string; mono?: boolean; text(agent: AgentView): string }[] = [
  { label: 'Definition', mono: true, text: (agent) => agent.digest.slice(0, 16) },
  { label: 'Description', text: (agent) => agent.description },
  { label: 'Runner', text: (agent) => agent.runner },
  { label: 'Model', text: (agent) => agent.model ?? '' },
  { label: 'Capabilities', text: (agent) => agent.capabilities.join(', ') },
  { label: 'At once', text: (agent) => String(agent.max_parallel ?? '') },
  {
    label: 'Input',
    mono: true,
    text: (agent) => (agent.input_schema === undefined ? '' : JSON.stringify(agent.input_schema, null, 2)),
  },
];

/** What the definitions that share a name say, side by side; what differs is marked. */
export function CompareDialog({ group, onClose }: { group: AgentGroup; onClose(): void }): ReactNode {
  const sides = group.definitions.flatMap((definition) => {
    const [agent] = definition.replicas;
    return agent === undefined ? [] : [{ definition, agent }];
  });
  const rows = FACTS.map((fact) => ({ ...fact, texts: sides.map(({ agent }) => fact.text(agent)) })).filter(
    (row) => row.texts.some((text) => text !== ''),
  );
  return (
    <Dialog
      open
      onClose={onClose}
      width={720}
      title={`Compare ${group.name}`}
      text="What differs is marked. Program and prompt stay on their stations; the definition is their fingerprint."
      actions={
        <Button variant="main" onClick={onClose}>
          Close
        </Button>
      }
    >
      <div className="max-h-400 overflow-auto rounded-card border border-border">
        <table className="w-full table-fixed text-left text-small">
          <thead>
            <tr className="h-32 text-1">
              <th scope="col" className="w-96 border-b border-hairline px-12 font-normal text-3">
                Fact
              </th>
              {sides.map(({ definition }) => (
                <th key={definition.digest} scope="col" className="truncate border-b border-hairline px-12">
                  {listNames(definition.replicas.map((agent) => agent.station_name))}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => {
              const differs = new Set(row.texts).size > 1;
              return (
                <tr key={row.label} className="align-top">
                  <th scope="row" className="px-12 py-6 font-normal text-3">
                    {row.label}
                  </th>
                  {sides.map(({ definition }, index) => (
                    <td
                      key={definition.digest}
                      className={cx(
                        'takeable px-12 py-6 wrap-anywhere whitespace-pre-wrap',
                        row.mono && 'font-mono text-mono-small',
                        differs ? 'bg-late-subtle text-1' : 'text-2',
                      )}
                    >
                      {row.texts[index]}
                    </td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Dialog>
  );
}
