import { initBoard } from '../src-main/tracker/init-board.ts';
import { LocalBoard } from '../src-main/tracker/local-board.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A task of the fixture: what it is, where it stands, and for how long. */
interface FixtureTask {
  title: string;
  status: string;
  type?: string;
  priority?: string;
  to?: string;
  /** Milliseconds it has stood there. */
  ago: number;
  description?: string;
  plan?: string;
}

const TASKS: readonly FixtureTask[] = [
  {
    title: 'Drop the old deploy scripts',
    status: 'review',
    type: 'chore',
    priority: 'low',
    to: 'human:mara',
    ago: 2 * DAY,
  },
  {
    title: 'Budget per provider, shared by all machines',
    status: 'review',
    priority: 'high',
    to: 'human:ann',
    ago: DAY,
  },
  {
    title: 'Show queue time apart from run time',
    status: 'review',
    priority: 'medium',
    to: 'human:tom',
    ago: 5 * HOUR,
  },
  {
    title: 'Move session store to Redis',
    status: 'in_progress',
    priority: 'medium',
    to: 'agent:coder',
    ago: 20 * 60_000,
  },
  { title: 'Name the port that is taken, and by what', status: 'review', to: 'agent:coder', ago: DAY },
  {
    title: 'Retry image pull with a growing delay',
    status: 'review',
    type: 'bug',
    to: 'agent:coder',
    ago: 7 * HOUR,
  },
  {
    title: 'Fix flaky login test on Safari',
    status: 'in_progress',
    type: 'bug',
    priority: 'high',
    to: 'agent:coder',
    ago: 3 * 60_000,
    description:
      'The login test fails in **1 of 12** runs on WebKit. It waits for a timer instead of the session.',
    plan: '# LAT-7: Fix flaky login test on Safari\n\n- [x] Reproduce with 40 runs on WebKit\n- [x] Find the race: redirect before the cookie is set\n- [x] Wait for the session response, not for a timer\n- [ ] 40 of 40 green on three browsers\n- [ ] Note the cause in the test guide\n',
  },
  {
    title: 'Write the runbook for hub failover',
    status: 'in_progress',
    type: 'chore',
    to: 'human:mara',
    ago: DAY,
  },
  {
    title: 'Alert when checkout p95 stays above 800 ms',
    status: 'planned',
    priority: 'medium',
    to: 'agent:analyst',
    ago: 3 * DAY,
  },
  {
    title: 'Compare two log stores for 30 days of retention',
    status: 'planned',
    type: 'spike',
    priority: 'low',
    to: 'human:mara',
    ago: 6 * DAY,
  },
  {
    title: 'Rotate the signing keys of the registry',
    status: 'planned',
    priority: 'high',
    to: 'human:ann',
    ago: 2 * DAY,
  },
  {
    title: 'Join link fails behind the office VPN',
    status: 'planned',
    type: 'bug',
    priority: 'critical',
    to: 'human:tom',
    ago: 4 * HOUR,
  },
  { title: 'Show disk space per station', status: 'planned', priority: 'low', to: 'human:tom', ago: 6 * DAY },
  { title: 'Ask legal about the logs of customers', status: 'needs_human', to: 'human:ann', ago: 9 * HOUR },
  ...Array.from(
    { length: 6 },
    (_, index): FixtureTask => ({
      title:
        [
          'Check the backup of the hub',
          'Group alerts by station',
          'Trace one request end to end',
          'Shorten the first start',
          'Keep drafts of comments',
          'Warn before a certificate ends',
        ][index] ?? '',
      status: 'backlog',
      ago: (index + 2) * DAY,
    }),
  ),
  ...Array.from(
    { length: 8 },
    (_, index): FixtureTask => ({
      title:
        [
          'Pin the runner images',
          'Name each station once',
          'Sign the release',
          'Cut the cold start by half',
          'Read YAML with anchors',
          'Count tokens by model',
          'Hide secrets in output',
          'Say who holds a lock',
        ][index] ?? '',
      status: 'done',
      to: index % 2 === 0 ? 'agent:coder' : 'human:ann',
      ago: (index + 1) * DAY,
    }),
  ),
];

const WAY: Readonly<Record<string, readonly string[]>> = {
  backlog: [],
  planned: ['planned'],
  in_progress: ['planned', 'in_progress'],
  review: ['planned', 'in_progress', 'review'],
  needs_human: ['planned', 'in_progress', 'needs_human'],
  done: ['planned', 'in_progress', 'review', 'done'],
};

/** Writes a board with tasks of different ages into a folder, by the operations of the program itself. */
export async function writeBoard(folder: string): Promise<void> {
  await initBoard(folder, { projectCode: 'LAT', projectName: 'Platform board', defaultActor: 'human:ann' });
  let now = Date.now();
  const board = new LocalBoard({ root: folder, hooks: false, now: () => new Date(now) });
  const start = Date.now();
  const ids: string[] = [];
  for (const { title, status, type = 'task', priority = 'medium', to, ago, description, plan } of TASKS) {
    const author = { actor: 'human:ann' };
    now = start - ago - 3 * DAY;
    const made = await board.create(
      {
        title,
        type,
        priority,
        ...(to === undefined ? {} : { assignedTo: to }),
        ...(description === undefined ? {} : { description }),
      },
      author,
    );
    const { id } = made.task;
    ids.push(id);
    if (plan !== undefined) await board.writeText(id, 'plan', plan);
    for (const [index, next] of (WAY[status] ?? []).entries()) {
      now = start - ago - ((WAY[status]?.length ?? 1) - 1 - index) * DAY;
      await board.apply(id, { op: 'status', status: next, force: true, reason: 'Fixture.' }, author);
    }
  }
  now = start - 120_000;
  const task = ids[6] ?? '';
  const first = await board.apply(
    task,
    {
      op: 'comment',
      body: 'Found it. The redirect fires before the cookie is stored; Safari drops it in 1 of 12 runs.',
    },
    { actor: 'agent:coder' },
  );
  now = start - 60_000;
  await board.apply(
    task,
    { op: 'comment', body: 'Good. Keep the retry count at 0.', replyTo: first.events[0]?.id ?? '' },
    { actor: 'human:ann' },
  );
  await board.apply(
    task,
    { op: 'react', commentId: first.events[0]?.id ?? '', emoji: 'tada' },
    { actor: 'human:ann' },
  );
  await board.apply(task, { op: 'branch_link', branch: 'fix/login-webkit' }, { actor: 'agent:coder' });
  await board.apply(
    ids[9] ?? '',
    { op: 'link', type: 'depends_on', targetId: ids[3] ?? '' },
    { actor: 'human:ann' },
  );
  await board.apply(
    ids[12] ?? '',
    { op: 'link', type: 'depends_on', targetId: ids[10] ?? '' },
    { actor: 'human:ann' },
  );
  await board.apply(task, { op: 'link', type: 'related_to', targetId: ids[5] ?? '' }, { actor: 'human:ann' });
  await board[Symbol.asyncDispose]();
}
