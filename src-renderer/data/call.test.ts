import { describe, expect, it } from 'vitest';
import type { CallAnswer, LatticeBridge } from '../../src-shared/ipc.ts';
import { callOver } from './call.ts';

function bridgeThat(answers: () => Promise<CallAnswer<unknown>>): LatticeBridge {
  return { call: answers, subscribe: () => () => undefined };
}

describe('a call', () => {
  it('gives what main answered', async () => {
    const bridge = bridgeThat(() => Promise.resolve({ ok: { id: 'r1' } }));
    const input = { agent: 'counter', task: 'Count to ten', context: {}, wait: false };
    await expect(callOver(bridge, 'runs.start', input)).resolves.toEqual({ id: 'r1' });
  });

  it('throws what main refused, with its hint and details', async () => {
    const bridge = bridgeThat(() =>
      Promise.resolve({
        error: {
          code: 'port_taken',
          message: 'Port 4222 is used by postgres (pid 812).',
          hint: 'Use 4223.',
          details: { free_port: 4223 },
        },
      }),
    );
    await expect(callOver(bridge, 'node.host', {})).rejects.toMatchObject({
      name: 'LatticeError',
      code: 'port_taken',
      hint: 'Use 4223.',
      details: { free_port: 4223 },
    });
  });

  it('throws an error of its own when the bridge breaks', async () => {
    const bridge = bridgeThat(() => Promise.reject(new Error('No handler')));
    await expect(callOver(bridge, 'node.leave')).rejects.toMatchObject({
      code: 'internal',
      message: 'No handler',
    });
  });
});
