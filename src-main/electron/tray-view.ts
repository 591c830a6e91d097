import { assertNever } from '../../src-shared/errors.ts';
import type { StationView } from '../../src-shared/views/mesh.ts';
import type { HubState, NodeView } from '../../src-shared/views/node.ts';
import type { TrayState } from './tray-icon.ts';
import { firstLine } from './work-notices.ts';
import type { WorkTally } from './work-tally.ts';

/** Works that the menu names; the others are one entry together. */
const NAMED_WORKS = 5;
const LABEL_LENGTH = 48;

export interface TrayView {
  state: TrayState;
  lines: string[];
  /** The works that wait for a person, as entries that open them. */
  waiting: { id: string; label: string }[];
  /** How many more works wait than `waiting` names. */
  moreWaiting: number;
  canStartHub: boolean;
  canStopHub: boolean;
}

/** What the tray says about a node; a node that is not known yet is off. */
export function describeTray(
  node: NodeView | undefined,
  stations: readonly StationView[],
  works: Pick<WorkTally, 'waiting' | 'running'>,
): TrayView {
  const { waiting, running } = works;
  const named = waiting
    .slice(0, NAMED_WORKS)
    .map(({ id, task }) => ({ id, label: firstLine(task, LABEL_LENGTH) }));
  const entries = { waiting: named, moreWaiting: waiting.length - named.length };
  if (!node) return { state: 'off', lines: ['Lattice'], ...entries, canStartHub: false, canStopHub: false };
  const online = stations.filter(({ status }) => status === 'online').length;
  const hub = node.hub?.state ?? 'stopped';
  const lines = [node.lattice_name, node.mode === 'member' ? describeMember(node) : describeHub(hub)];
  if (node.mode !== 'idle') lines.push(`${online} ${online === 1 ? 'station' : 'stations'} online`);
  if (running > 0) lines.push(running === 1 ? '1 work runs' : `${running} works run`);
  if (waiting.length > 0) lines.push(`${waiting.length} ${waiting.length === 1 ? 'needs' : 'need'} you`);
  return {
    state: node.mode === 'member' ? connectionState(node) : hubTrayState(hub),
    lines,
    ...entries,
    canStartHub: node.mode !== 'member' && (hub === 'stopped' || hub === 'failed'),
    canStopHub: hub === 'running' || hub === 'restarting',
  };
}

function describeMember(node: NodeView): string {
  return node.connection.state === 'connected' ? 'Connected' : 'Not connected';
}

function connectionState({ connection }: NodeView): TrayState {
  if (connection.state === 'connected') return 'running';
  if (connection.state === 'failed') return 'failed';
  return connection.state === 'disconnected' ? 'off' : 'changing';
}

function hubTrayState(state: HubState): TrayState {
  switch (state) {
    case 'running':
      return 'running';
    case 'starting':
    case 'restarting':
    case 'stopping':
      return 'changing';
    case 'stopped':
      return 'off';
    case 'failed':
      return 'failed';
    default:
      return assertNever(state);
  }
}

function describeHub(state: HubState): string {
  switch (state) {
    case 'running':
      return 'The hub runs';
    case 'starting':
      return 'The hub starts';
    case 'restarting':
      return 'The hub restarts';
    case 'stopping':
      return 'The hub stops';
    case 'stopped':
      return 'The hub is off';
    case 'failed':
      return 'The hub failed';
    default:
      return assertNever(state);
  }
}
