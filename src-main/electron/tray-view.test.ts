import { describe, expect, it } from 'vitest';
import type { StationView } from '../../src-shared/views/mesh.ts';
import type { HubState, HubView, NodeView } from '../../src-shared/views/node.ts';
import { aWaitingWork } from './testing/works.ts';
import { drawTrayIcon } from './tray-icon.ts';
import { describeTray } from './tray-view.ts';

const SINCE = '2026-01-01T00:00:00Z';

function nodeWith(mode: NodeView['mode'], hub?: HubState): NodeView {
  return {
    mode,
    lattice_name: 'Acme',
    org: 'acme',
    station_id: 's',
    station_name: 'forge',
    version: '1',
    project_dir: '/p',
    connection: { state: 'connected', since: SINCE, attempt: 0 },
    problems: [],
    ...(hub === undefined ? {} : { hub: { state: hub, since: SINCE } as HubView }),
  };
}

const quiet = { waiting: [], running: 0 };

const stations = [{ status: 'online' }, { status: 'late' }, { status: 'online' }] as StationView[];

describe('describeTray', () => {
  it('says how the hub is and who is online', () => {
    expect(describeTray(nodeWith('orchestrator', 'running'), stations, quiet)).toEqual({
      state: 'running',
      lines: ['Acme', 'The hub runs', '2 stations online'],
      waiting: [],
      moreWaiting: 0,
      canStartHub: false,
      canStopHub: true,
    });
    expect(describeTray(nodeWith('orchestrator', 'failed'), [], quiet)).toMatchObject({
      state: 'failed',
      canStartHub: true,
      canStopHub: false,
    });
  });

  it('says what runs, and names what waits for a person up to a limit', () => {
    const waiting = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((id) => aWaitingWork(id));
    const node = nodeWith('orchestrator', 'running');
    const view = describeTray(node, stations, { waiting, running: 3 });
    expect(view.lines.slice(-2)).toEqual(['3 works run', '7 need you']);
    expect(view.waiting).toHaveLength(5);
    expect(view.waiting[0]).toEqual({ id: 'a', label: 'Task a' });
    expect(view.moreWaiting).toBe(2);
    const one = describeTray(node, stations, { waiting: waiting.slice(0, 1), running: 1 });
    expect(one.lines.slice(-2)).toEqual(['1 work runs', '1 needs you']);
  });

  it('offers a member no hub, and knows nothing before there is a node', () => {
    expect(describeTray(nodeWith('member'), stations, quiet)).toMatchObject({
      state: 'running',
      canStartHub: false,
    });
    expect(describeTray(undefined, [], quiet)).toMatchObject({ state: 'off', lines: ['Lattice'] });
  });
});

describe('drawTrayIcon', () => {
  it('draws every state in another shape, even without colour', () => {
    const shapes = (['running', 'changing', 'off', 'failed'] as const).map((state) =>
      drawTrayIcon(state, 16, true).join(),
    );
    expect(new Set(shapes).size).toBe(4);
    expect(drawTrayIcon('off', 16, false)).toHaveLength(16 * 16 * 4);
  });
});
