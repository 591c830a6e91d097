import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { Page } from 'playwright-core';
import { ulid } from 'ulid';
import { namesOf } from '../src-shared/protocol/subjects.ts';
import { encodeWorkEvent, type WorkEvent } from '../src-shared/protocol/work-change.ts';
import { applyWorkEvent } from '../src-shared/protocol/work-reducer.ts';
import { launchHosting } from './hosting-app-file.ts';
import { type BenchResult, compared, percentile } from './result.ts';

const ROWS = 100_000;
const FRAMES = 180;
const IN_FLIGHT = 500;
const RATES = [200, 2_000];
const SAID_SECONDS = 3;
const SMOOTH_MS = 1_000 / 30;

interface Frames {
  p50: number;
  p95: number;
  slow: number;
}

/** The Work view with 100,000 works: scrolling, rows in the page, and a flood of progress; each beside an idle page. */
export async function bench(): Promise<BenchResult[]> {
  const home = await mkdtemp(join(tmpdir(), 'lattice-bench-work-'));
  const electron = await launchHosting(home, home);
  let nc: NatsConnection | undefined;
  try {
    const page = await electron.firstWindow();
    nc = await connect({ servers: await hubUrl(page) });
    const idle = await framesOf(page, false);
    await page.evaluate(() => {
      location.hash = '#/work';
    });
    const running = await put(nc, true);
    await page.getByText('Work of the benchmark').first().waitFor();
    const told: { rate: number; frames: Frames }[] = [];
    for (const rate of RATES) {
      const flood = say(nc, running, rate);
      told.push({ rate, frames: await framesOf(page, false) });
      await flood;
    }
    await fill(nc);
    await page.waitForFunction(
      (wanted) => new RegExp(wanted).test(document.body.innerText),
      'Queued\\s+100,?000',
      { timeout: 60_000 },
    );
    const scrolled = await framesOf(page, true);
    const rows = await page.evaluate(() => document.querySelectorAll('[role="row"]').length);
    const baseline = (value: number) => ({ name: 'the same window with nothing to do', value });
    return [
      compared({
        name: `scroll ${ROWS} works, frame p95`,
        unit: 'ms',
        value: scrolled.p95,
        baseline: baseline(idle.p95),
      }),
      {
        name: `scroll ${ROWS} works, frames over ${Math.round(SMOOTH_MS)} ms of ${FRAMES}`,
        unit: '',
        value: scrolled.slow,
        baseline: baseline(idle.slow),
      },
      { name: 'rows in the page', unit: '', value: rows, bar: '< 60' },
      ...told.map(({ rate, frames }) =>
        compared({
          name: `${rate} progress messages per s, ${frames.slow} of ${FRAMES} frames over ${Math.round(SMOOTH_MS)} ms, p95`,
          unit: 'ms',
          value: frames.p95,
          baseline: baseline(idle.p95),
        }),
      ),
    ];
  } finally {
    await nc?.close();
    await electron.close();
    await rm(home, { recursive: true, force: true });
  }
}

/** Where the hub of the app listens; the page tells it once it runs. */
async function hubUrl(page: Page): Promise<string> {
  await page.waitForFunction(() => /1 of 1 stations/.test(document.body.innerText), undefined, {
    timeout: 30_000,
  });
  const address = page
    .getByRole('region', { name: 'Status' })
    .getByText(/^nats:/)
    .first();
  const url = /nats:\/\/[\d.]+:\d+/.exec((await address.textContent()) ?? '')?.[0];
  if (!url) throw new Error('The window does not say where its hub is.');
  return url;
}

/** Puts works straight into the log, as so many dispatchers would. */
async function fill(nc: NatsConnection): Promise<void> {
  let left = ROWS;
  const lane = async () => {
    while (left-- > 0) await put(nc, false);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
}

/** Puts one work into the log, queued or running, and returns its id. */
async function put(nc: NatsConnection, runs: boolean): Promise<string> {
  const work_id = ulid();
  const event = (change: WorkEvent['change']): WorkEvent => ({
    id: ulid(),
    at: new Date().toISOString(),
    by: 'bench',
    change,
  });
  const order = {
    task: 'Work of the benchmark',
    context: {},
    agent: 'nobody',
    priority: 3,
    max_attempts: 3,
    labels: [],
    requested_by: 'bench',
  };
  const events = [event({ type: 'assigned', work_id, order })];
  if (runs)
    events.push(
      event({ type: 'accepted', attempt: 1, station_id: 'bench', station_name: 'bench', lease: 1 }),
    );
  let record: Parameters<typeof applyWorkEvent>[0];
  for (const each of events) {
    const applied = applyWorkEvent(record, each);
    if (!applied.ok) throw new Error(`The reducer refused ${each.change.type}`);
    record = applied.record;
    const message = JSON.stringify(encodeWorkEvent(each, record, { source: 'bench' }));
    await nc.request(namesOf('default').workState(work_id), message, { timeout: 30_000 });
  }
  return work_id;
}

/** Progress of one running work at a steady rate. */
async function say(nc: NatsConnection, workId: string, rate: number): Promise<void> {
  const subject = namesOf('default').workProgress(workId, 'bench');
  const started = performance.now();
  for (let seq = 1; seq <= rate * SAID_SECONDS; seq++) {
    nc.publish(
      subject,
      JSON.stringify({ attempt: 1, seq, time: new Date().toISOString(), progress: { percent: seq % 100 } }),
    );
    const ahead = (seq / rate) * 1_000 - (performance.now() - started);
    if (ahead > 5) await new Promise((resume) => setTimeout(resume, ahead));
  }
  await nc.flush();
}

/** The time between frames over three seconds or so, scrolling the list of works or only looking at it. */
async function framesOf(page: Page, scroll: boolean): Promise<Frames> {
  const deltas = await page.evaluate(
    ([count, scrolling]) =>
      new Promise<number[]>((resolve) => {
        const box = [...document.querySelectorAll('[role="grid"]')]
          .flatMap((grid) => [grid, grid.parentElement])
          .find((each) => each && each.scrollHeight > each.clientHeight + 1_000);
        const times: number[] = [];
        let before = performance.now();
        const frame = (now: number) => {
          times.push(now - before);
          before = now;
          if (scrolling && box) box.scrollTop += 400;
          if (times.length <= Number(count)) requestAnimationFrame(frame);
          else resolve(times.slice(1));
        };
        requestAnimationFrame(frame);
      }),
    [FRAMES, scroll] as const,
  );
  const round = (value: number) => Number(value.toFixed(1));
  return {
    p50: round(percentile(deltas, 0.5)),
    p95: round(percentile(deltas, 0.95)),
    slow: deltas.filter((each) => each > SMOOTH_MS).length,
  };
}
