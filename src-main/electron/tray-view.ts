import { assertNever } from '../../src-shared/errors.ts';
import type { StationView } from '../../src-shared/views/mesh.ts';
import type { HubState, NodeView } from '../../src-shared/views/node.ts';
import type { TrayState } from './tray-icon.ts';

export interface TrayView {
  state: TrayState;
  lines: string[];
  canStartHub: boolean;
  canStopHub: boolean;
}

/** What the tray says about a node; a node that is not known yet is off. */
export function describeTray(node: NodeView | undefined, stations: readonly StationView[]): TrayView {
  if (!node) return { state: 'off', lines: ['Lattice'], canStartHub: false, canStopHub: false };
  const online = stations.filter(({ status }) => status === 'online').length;
  const hub = node.hub?.state ?? 'stopped';
  const lines = [node.lattice_name, node.mode === 'member' ? describeMember(node) : describeHub(hub)];
  if (node.mode !== 'idle') lines.push(`${online} ${online === 1 ? 'station' : 'stations'} online`);
  return {
    state: node.mode === 'member' ? connectionState(node) : hubTrayState(hub),
    lines,
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
