import { type Command, InvalidArgumentError } from 'commander';
import { parseDuration } from '../../src-shared/duration.ts';
import { present } from '../../src-shared/present.ts';
import type { AuditEvent, EventFilter } from '../../src-shared/views/event.ts';
import { eventText } from '../../src-shared/views/event-text.ts';
import { globalsOf } from '../globals.ts';
import { createOutput, paint } from '../output.ts';
import { safeText } from '../safe-text.ts';
import { withWork } from '../work-client.ts';

interface EventOptions extends EventFilter {
  follow?: boolean;
  since?: Date;
  limit: string;
}

export function addEventCommands(program: Command): void {
  program
    .command('events')
    .description('read the audit log of the lattice, oldest first')
    .option('--follow', 'go on with what comes; one JSON object a line under --json')
    .option('--since <time>', 'from this time on: 2026-12-01T08:00:00Z, or 2h ago', sinceOption)
    .option('--type <type>', 'only this type, such as work.assigned or work.*')
    .option('--work <id>', 'only this work')
    .option('--station <name>', 'only this station, by name or id')
    .option('--agent <name>', 'only this agent')
    .option('--limit <n>', 'at most this many', '100')
    .addHelpText(
      'after',
      '\nExamples:\n  lattice events --since 1h --type "work.*"\n  lattice events --follow --json | jq .data.event.type',
    )
    .action(async (options: EventOptions, command: Command) => {
      const globals = globalsOf(command);
      const output = createOutput(globals.json === true);
      const { type, work, station, agent, since } = options;
      const filter = present({ type, work, station, agent });
      await withWork(globals, async ({ events }) => {
        const before = await events.query({
          ...filter,
          ...present({ since }),
          limit: Number(options.limit) || 100,
        });
        if (!options.follow) {
          output.result({ events: before }, () =>
            before.length === 0 ? 'Nothing in the log fits.' : before.map(eventLine).join('\n'),
          );
          return;
        }
        const tell = (event: AuditEvent) =>
          output.json
            ? process.stdout.write(`${JSON.stringify({ ok: true, data: { event } })}\n`)
            : output.line(eventLine(event));
        before.forEach(tell);
        const last = before.at(-1)?.seq;
        const following = await events.follow({
          ...filter,
          from: last === undefined ? 'new' : { seq: last + 1 },
          onEvent: tell,
        });
        await new Promise<void>((ended) => {
          process.once('SIGINT', () => ended());
          process.once('SIGTERM', () => ended());
        });
        await following[Symbol.asyncDispose]();
      });
    });

  program
    .command('cleanup')
    .description('remove what idle queue readers left on the hub; the log and all work stay')
    .option('--dry-run', 'only say what would go')
    .action(async (options: { dryRun?: boolean }, command: Command) => {
      const globals = globalsOf(command);
      const output = createOutput(globals.json === true);
      await withWork(globals, async ({ work }) => {
        const removed = await work.cleanUp(options.dryRun === true);
        output.result({ removed, dry_run: options.dryRun === true }, () =>
          removed.length === 0
            ? 'Nothing to clean up.'
            : `${options.dryRun ? 'Would remove' : 'Removed'} ${removed.length} idle readers:\n${removed.map((lane) => `  ${lane.kind} ${lane.name}`).join('\n')}`,
        );
      });
    });
}

function eventLine(event: AuditEvent): string {
  const about = event.work_id === undefined ? '' : paint('dim', `  ${event.work_id}`);
  return `${paint('dim', event.time.slice(0, 19).replace('T', ' '))}  ${event.type.padEnd(20)}  ${safeText(eventText(event))}${about}`;
}

function sinceOption(text: string): Date {
  const ms = parseDuration(text.replace(/ ago$/, ''));
  const at = ms === undefined ? Date.parse(text) : Date.now() - ms;
  if (Number.isNaN(at))
    throw new InvalidArgumentError('Use a time such as 2026-12-01T08:00:00Z, or 2h for two hours ago.');
  return new Date(at);
}
