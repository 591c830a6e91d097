import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { QuitController, type QuitControllerOptions } from './quit.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function create(options: Partial<Pick<QuitControllerOptions, 'runningCalls' | 'ask' | 'stop'>> = {}) {
  const seams = {
    runningCalls: vi.fn(options.runningCalls ?? (() => 0)),
    ask: vi.fn(options.ask ?? (() => true)),
    stop: vi.fn(options.stop ?? (() => Promise.resolve())),
    exit: vi.fn<QuitControllerOptions['exit']>(),
    onProblem: vi.fn<QuitControllerOptions['onProblem']>(),
  };
  return { ...seams, quit: new QuitController(seams) };
}

describe('QuitController', () => {
  it('stops everything once and exits', async () => {
    const { quit, stop, exit } = create();
    quit.request({ force: false });
    quit.request({ force: true });
    await vi.runAllTimersAsync();
    expect(stop).toHaveBeenCalledOnce();
    expect(exit.mock.calls).toEqual([[0]]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('asks while work runs and stops nothing until it is forced', async () => {
    const { quit, ask, stop, exit } = create({ runningCalls: () => 3 });
    quit.request({ force: false });
    await vi.runAllTimersAsync();
    expect(ask.mock.calls).toEqual([[3]]);
    expect(stop).not.toHaveBeenCalled();
    expect(quit.isStopping).toBe(false);
    quit.request({ force: true });
    await vi.runAllTimersAsync();
    expect(exit.mock.calls).toEqual([[0]]);
  });

  it('stops when there is no window to ask', async () => {
    const { quit, exit } = create({ runningCalls: () => 3, ask: () => false });
    quit.request({ force: false });
    await vi.runAllTimersAsync();
    expect(exit.mock.calls).toEqual([[0]]);
  });

  it('exits with 1 at the deadline when something hangs', async () => {
    const { quit, exit, onProblem } = create({ stop: () => new Promise(() => {}) });
    quit.request({ force: false });
    await vi.advanceTimersByTimeAsync(7_999);
    expect(exit).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(exit.mock.calls).toEqual([[1]]);
    expect(onProblem).toHaveBeenCalledWith(expect.objectContaining({ code: 'timeout' }));
  });

  it('exits with 1 when stopping fails, also at once', async () => {
    const { quit, exit, onProblem } = create({
      stop: () => {
        throw new Error('store busy');
      },
    });
    quit.request({ force: false });
    await vi.runAllTimersAsync();
    expect(exit.mock.calls).toEqual([[1]]);
    expect(onProblem).toHaveBeenCalledOnce();
  });
});
