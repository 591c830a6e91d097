import type { LiveSource } from '../../src-shared/live.ts';
import { LiveOnDemand } from '../../src-shared/live-on-demand.ts';
import type { AuditEvent } from '../../src-shared/views/event.ts';
import { eventText } from '../../src-shared/views/event-text.ts';
import type { LogEntry } from '../../src-shared/views/work-detail.ts';
import type { EventLog } from './event-log.ts';

/** The most entries a window holds; older ones are asked for by time. */
const KEPT = 5_000;
const BATCH_MS = 50;

/** The audit log from a time on, or its newest part, live as long as someone listens. */
export function auditLog(log: EventLog, since: string | undefined): LiveSource<LogEntry> {
  return new LiveOnDemand<LogEntry>({
    key: (entry) => String(entry.seq),
    fill: async (target, signal) => {
      const before = await log.query({
        limit: KEPT,
        ...(since === undefined ? {} : { since: new Date(since) }),
      });
      if (signal.aborted) return;
      target.apply(before.map(entryOf));
      const waiting: LogEntry[] = [];
      let timer: NodeJS.Timeout | undefined;
      const flush = () => {
        timer = undefined;
        const over = Math.max(0, target.size + waiting.length - KEPT);
        const oldest =
          over === 0
            ? []
            : target
                .snapshot()
                .slice(0, over)
                .map((entry) => String(entry.seq));
        target.apply(waiting.splice(0), oldest);
      };
      const from = before.at(-1)?.seq;
      const follower = await log.follow({
        from: from === undefined ? 'new' : { seq: from + 1 },
        onEvent: (event) => {
          waiting.push(entryOf(event));
          timer ??= setTimeout(flush, BATCH_MS);
        },
      });
      const stop = () => {
        clearTimeout(timer);
        void follower[Symbol.asyncDispose]();
      };
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop);
    },
  });
}

function entryOf(event: AuditEvent): LogEntry {
  const { seq, time, type, station_id, station_name, agent, work_id, by } = event;
  return {
    seq,
    time,
    type,
    station_id,
    station_name,
    agent,
    work_id,
    by,
    text: eventText(event),
    event: JSON.stringify(event, null, 2),
  };
}
