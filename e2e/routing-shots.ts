import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { createHome, launchApp, type RunningApp, removeHome } from './app.ts';
import { ROUTING_FILE, ROUTING_KEYS, writeRoutingHistory, writeRoutingProject } from './routing-project.ts';

const STRATEGIES = {
  pattern: 'coder',
  fallback: 'reviewer',
  weighted: 'vuln-scanner',
  'least-cost': 'log-analyzer',
  burst: 'doc-writer',
  'round-robin': 'explore',
  'lowest-latency': 'oracle',
} as const;

/** The configuration of the pictures: one of its agents says how it runs and what it expects. */
const FILE = ROUTING_FILE.replace(
  'path: quick.md\n',
  `path: quick.md
    description: Greets people
    capabilities: [text]
    tags: [demo]
    daily_calls: 200
    input:
      schema:
        # whom it is for
        who: string, whom to greet
    run:
      acp: opencode
      permissions:
        allow: [read, "execute:npm test*"]
        deny: ["execute:git push*"]
      sandbox: {folder: worktree, memory_mb: 4000}
`,
);

/** Takes the routing editor with every strategy and in every state a person may meet, in both themes, into `target`. */
export async function shootRouting(target: string): Promise<void> {
  const home = await createHome();
  const dir = await mkdtemp(join(tmpdir(), 'platform-'));
  const file = await writeRoutingProject(dir, FILE);
  await writeRoutingHistory(home);
  const { GEMINI_API_KEY: _, ...keys } = ROUTING_KEYS;
  const app = await launchApp({
    home,
    env: {
      ...keys,
      GEMINI_API_KEY: '',
      LATTICE_NAME: 'Platform team',
      LATTICE_PORT: '0',
      LATTICE_HTTP_PORT: '0',
      LATTICE_PROJECT_DIR: dir,
    },
  });
  try {
    await takeAll(app, target, { dir, file });
  } finally {
    await app.close();
    await rm(dir, { recursive: true, force: true });
    await removeHome(home);
  }
}

async function takeAll(
  app: RunningApp,
  target: string,
  { dir, file }: { dir: string; file: string },
): Promise<void> {
  const page = app.window;
  const shoot = (name: string) => shootThemes(app, join(target, `routing-${name}`));
  const open = (agent: string) => page.getByRole('option', { name: new RegExp(`^${agent}`) }).click();
  await page.getByRole('button', { name: 'Host a lattice' }).waitFor();
  await page.evaluate(() => globalThis.lattice.call('node.standalone', undefined));
  await page.keyboard.press('Control+7');
  await size(app, 1440, 900);
  await page.getByText('Last 7 days', { exact: false }).waitFor();
  for (const [strategy, agent] of Object.entries(STRATEGIES)) {
    await open(agent);
    await page.getByRole('list', { name: 'Next calls' }).getByText('20').waitFor();
    await shoot(strategy);
  }
  await open('quick');
  for (const part of ['Run', 'Settings', 'Routing']) {
    await page.getByRole('group', { name: 'Part of the agent' }).getByRole('button', { name: part }).click();
    if (part !== 'Routing') await shoot(part.toLowerCase());
  }
  await open('coder');
  await page.getByRole('switch', { name: 'The budget of openai ends after 2 calls' }).click();
  await shoot('stress');
  await size(app, 1024, 700);
  await shoot('pattern-1024');
  await size(app, 1440, 900);
  await page.getByRole('button', { name: 'Replay calls' }).click();
  await page.getByRole('button', { name: 'Replay', exact: true }).last().click();
  await page.getByText('It would have gone to').waitFor();
  await page.getByRole('button', { name: '9:1' }).click();
  await page.getByRole('button', { name: 'Replay', exact: true }).last().click();
  await page.getByText('would have gone elsewhere', { exact: false }).waitFor();
  await shoot('replay');
  await page.getByRole('button', { name: 'Review changes' }).click();
  await page.getByRole('dialog').locator('.cm-content').waitFor();
  await shoot('review');
  await page.keyboard.press('Escape');
  await writeFile(file, FILE.replace('version: 1.0.0', 'version: 1.1.0'));
  await page.getByText('changed on disk while you edited it').waitFor();
  await shoot('conflict');
  await page.getByRole('button', { name: 'Take the one on disk' }).click();
  await takeProblems(page, shoot, open, { dir, file });
  await takeForms(app, target);
}

async function takeProblems(
  page: Page,
  shoot: (name: string) => Promise<void>,
  open: (agent: string) => Promise<void>,
  { dir, file }: { dir: string; file: string },
): Promise<void> {
  await rm(join(dir, 'agents', 'explore.md'));
  await chmod(file, 0o444);
  await writeFile(join(dir, 'lattice.local.yaml'), '# Only here.\n');
  await page.getByText('Read-only').waitFor();
  await open('explore');
  await page.getByText('explore.md is missing', { exact: false }).waitFor();
  await shoot('read-only');
  await chmod(file, 0o644);
  await page.getByRole('tab', { name: 'lattice.yaml', exact: true }).click();
  await page.locator('.cm-line', { hasText: 'strategy: round_robin' }).click();
  await page.keyboard.press('End');
  await page.keyboard.type(': [fast');
  await page.getByText('The picture shows it as it last was').waitFor();
  await shoot('invalid');
  await page.keyboard.press('Control+z');
  await page.getByRole('button', { name: 'Providers', exact: false }).click();
  await page.getByText('GEMINI_API_KEY is not set', { exact: false }).waitFor();
  await page.getByRole('button', { name: /^openai/, expanded: false }).click();
  await shoot('providers');
}

const FORMS = {
  Project: undefined,
  Hooks: /^vcs.commit, 1 of/,
  Commands: /^ship$/,
  'Version control': undefined,
  'MCP servers': /^issues$/,
  Plugins: undefined,
  Budgets: undefined,
} as const;

/** The pages of the other sections; the first entry that matches is open. */
async function takeForms(app: RunningApp, target: string): Promise<void> {
  const page = app.window;
  for (const [section, entry] of Object.entries(FORMS)) {
    await page.getByRole('navigation', { name: 'Sections' }).getByRole('button', { name: section }).click();
    await page.getByRole('heading', { level: 2, name: section }).waitFor();
    if (entry !== undefined) await page.getByRole('button', { name: entry }).click();
    await shootThemes(app, join(target, `form-${section.toLowerCase().replace(' ', '-')}`));
  }
}

async function size(app: RunningApp, width: number, height: number): Promise<void> {
  await app.electron.evaluate(
    ({ BrowserWindow }, wanted) =>
      BrowserWindow.getAllWindows()[0]?.setContentSize(wanted.width, wanted.height),
    { width, height },
  );
  await app.window.waitForFunction((wanted) => window.innerWidth === wanted, width);
}

async function shootThemes({ window: page }: RunningApp, path: string): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await page.evaluate(async () => {
      const moving = document
        .getAnimations()
        .filter((each) => Number.isFinite(each.effect?.getComputedTiming().endTime));
      await Promise.allSettled(moving.map((each) => each.finished));
      await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
    });
    await page.screenshot({ path: `${path}-${theme}.png` });
  }
}
