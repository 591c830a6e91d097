import type { PlainValue } from '../../../../src-shared/lattice-yaml/edit/edit.ts';
import { plainAt } from '../../../../src-shared/lattice-yaml/edit/find.ts';
import type { DraftAgent } from '../../../../src-shared/routing-editor/draft-reading.ts';
import { editsOf, type Gesture } from '../../../../src-shared/routing-editor/gestures.ts';
import { saidBy } from '../../../../src-shared/routing-editor/layers.ts';
import type { LayerScope } from '../../../../src-shared/views/routing.ts';
import { toast } from '../../../ui/toast.tsx';
import { edit, openAgent, undo } from './draft-actions.ts';
import { useDraft } from './draft-store.ts';

/** What a picture edits: the routing of an agent, or the defaults. */
export interface RoutingTarget {
  readonly path: readonly string[];
  readonly scope: LayerScope;
  /** What that file says there; null when it says nothing. */
  readonly routing: PlainValue;
}

/** The file and path that the routing of an agent, or the defaults, are edited in. */
export function targetOf(agent: DraftAgent | undefined): RoutingTarget {
  const { reading } = useDraft.getState();
  const path = agent === undefined ? ['defaults', 'routing'] : ['agents', agent.name, 'routing'];
  const values = reading?.values ?? [];
  const said = saidBy(values, path).at(-1);
  const holder = agent === undefined ? undefined : saidBy(values, path.slice(0, 2)).at(-1);
  const scope = said ?? holder ?? 'project';
  return { path, scope, routing: plainAt(values.find((each) => each.scope === scope)?.value ?? null, path) };
}

/** Makes a gesture of the picture in the file. An agent that goes by the defaults gets a routing of its own first. */
export function gesture(agent: DraftAgent | undefined, made: Gesture, label: string): void {
  const { path, scope, routing } = targetOf(agent);
  const inherited = agent?.byDefault === true && routing === null ? targetOf(undefined).routing : null;
  if (inherited === null) {
    edit(scope, editsOf(made, path, routing), label);
    return;
  }
  edit(scope, [{ kind: 'set', path, value: inherited }, ...editsOf(made, path, inherited)], label);
}

/** A name that no agent has yet. */
function freeName(wanted: string): string {
  const taken = new Set(useDraft.getState().reading?.agents.map(({ name }) => name));
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${wanted}-${number}`;
    if (!taken.has(name)) return name;
  }
}

/** The file that holds most of an agent. */
function fileOf(name: string): LayerScope {
  return saidBy(useDraft.getState().reading?.values ?? [], ['agents', name])[0] ?? 'project';
}

/** Adds an agent and shows it. */
export function addAgent(): string {
  const name = freeName('new-agent');
  edit('project', [{ kind: 'set', path: ['agents', name], value: { path: `${name}.md` } }], 'Add an agent');
  openAgent(name);
  return name;
}

export function duplicateAgent(name: string): void {
  const copy = freeName(`${name}-copy`);
  if (edit(fileOf(name), [{ kind: 'duplicate', path: ['agents', name], name: copy }], `Duplicate ${name}`))
    openAgent(copy);
}

export function renameAgent(name: string, to: string): boolean {
  const values = useDraft.getState().reading?.values ?? [];
  const done = saidBy(values, ['agents', name]).every((scope) =>
    edit(scope, [{ kind: 'rename', path: ['agents', name], name: to }], `Rename ${name}`),
  );
  if (done) openAgent(to);
  return done;
}

/** Deletes an agent from the file it is in, and offers to undo. */
export function deleteAgent(name: string): void {
  const agents = useDraft.getState().reading?.agents ?? [];
  const index = agents.findIndex((each) => each.name === name);
  if (!edit(fileOf(name), [{ kind: 'remove', path: ['agents', name] }], `Delete ${name}`)) return;
  const next = agents[index + 1] ?? agents[index - 1];
  if (next !== undefined) openAgent(next.name);
  toast({
    status: 'cancelled',
    title: `${name} is deleted`,
    text: 'Its prompt file stays. The file is written when you save.',
    action: { label: 'Undo', run: undo },
  });
}

/** Moves an agent up or down in its file. */
export function moveAgent(name: string, by: 1 | -1): void {
  const { reading } = useDraft.getState();
  const scope = fileOf(name);
  const inFile = plainAt(reading?.values.find((each) => each.scope === scope)?.value ?? null, ['agents']);
  const names = Object.keys((inFile ?? {}) as object);
  const from = names.indexOf(name);
  const to = from + by;
  if (from < 0 || to < 0 || to >= names.length) return;
  edit(scope, [{ kind: 'move', path: ['agents'], from, to }], `Move ${name}`);
}
