import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { calls, streams } from '../../src-shared/ipc.ts';
import { callNames, streamNames } from '../../src-shared/ipc-names.ts';
import { type GateOptions, openStream, runCall } from './call-gate.ts';

const start = vi.fn(() => ({ id: 'run-1' }));
const gate = {
  shell: { calls: {}, streams: {} },
  services: Promise.resolve({ calls: { 'runs.start': start }, streams: {} }),
} as unknown as GateOptions;

describe('the gate', () => {
  it('gives a handler the parsed input only', async () => {
    const input = { agent: 'a', task: 't', context: { k: 1 }, wait: true, extra: 'dropped' };
    expect(await runCall(gate, 'runs.start', input)).toEqual({ id: 'run-1' });
    expect(start).toHaveBeenCalledWith({ agent: 'a', task: 't', context: { k: 1 }, wait: true });
  });

  it('names what does not fit', async () => {
    const input = { agent: 'a', task: '', context: {}, wait: true };
    await expect(runCall(gate, 'runs.start', input)).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringMatching(/^runs\.start\.task: /),
    });
  });

  it('refuses any name that is not in the contract', async () => {
    const names = fc.anything().filter((name) => !(typeof name === 'string' && Object.hasOwn(calls, name)));
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(names, fc.constantFrom('__proto__', 'constructor', 'toString')),
        async (name) => {
          await expect(runCall(gate, name, undefined)).rejects.toMatchObject({ code: 'invalid_input' });
          await expect(openStream(gate, name, undefined)).rejects.toMatchObject({ code: 'invalid_input' });
        },
      ),
    );
  });

  it('knows the same names as the preload', () => {
    expect(Object.keys(callNames).sort()).toEqual(Object.keys(calls).sort());
    expect(Object.keys(streamNames).sort()).toEqual(Object.keys(streams).sort());
  });
});
