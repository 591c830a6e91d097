import { describe, expect, it } from 'vitest';
import type { StationView } from '../../src-shared/views/mesh.ts';
import type { HubState, HubView, NodeView } from '../../src-shared/views/node.ts';
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

const stations = [{ status: 'online' }, { status: 'late' }, { status: 'online' }] as StationView[];

describe('describeTray', () => {
  it('says how the hub is and who is online', () => {
    expect(describeTray(nodeWith('orchestrator', 'running'), stations)).toEqual({
      state: 'running',
      lines: ['Acme', 'The hub runs', '2 stations online'],
      canStartHub: false,
      canStopHub: true,
    });
    expect(describeTray(nodeWith('orchestrator', 'failed'), [])).toMatchObject({
      state: 'failed',
      canStartHub: true,
      canStopHub: false,
    });
  });

  it('offers a member no hub, and knows nothing before there is a node', () => {
    expect(describeTray(nodeWith('member'), stations)).toMatchObject({
      state: 'running',
      canStartHub: false,
    });
    expect(describeTray(undefined, [])).toMatchObject({ state: 'off', lines: ['Lattice'] });
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
