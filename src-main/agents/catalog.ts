import { dirname, isAbsolute, join, resolve } from 'node:path';
import { LatticeError } from '../../src-shared/errors.ts';
import type { Diagnostic } from '../../src-shared/lattice-yaml/diagnostic.ts';
import { LiveValue } from '../../src-shared/live.ts';
import type { Problem } from '../../src-shared/views/node.ts';
import type { LatticeConfig } from '../config/lattice-config.ts';
import type { AgentDraft } from './agent-draft.ts';
import { isInConfig, loadProject, type ProjectReading } from './load-project.ts';
import { ProjectWatcher } from './project-watcher.ts';
import { DEFAULT_AGENTS_DIR } from './prompt-place.ts';
import { Registrations } from './registrations.ts';
import type { AgentDefinition } from './runner.ts';

export interface CatalogOptions {
  /** What lattice.yaml says, now and from now on. */
  config: Pick<LatticeConfig, 'current' | 'reload'>;
  /** Where `agents.json` is kept. */
  dataDir: string;
  now?: () => Date;
}

/**
 * The agents of a project folder, kept in step with the disk. A definition that gets a mistake stays as it last was,
 * and the mistake is a problem; a definition that is gone is gone.
 */
export class Catalog implements AsyncDisposable {
  readonly definitions = new LiveValue<AgentDefinition[]>([]);
  readonly problems = new LiveValue<Problem[]>([]);
  /** Resolves when the folder was read once and is being watched. */
  readonly ready: Promise<void>;

  readonly #config: CatalogOptions['config'];
  readonly #now: () => Date;
  readonly #registrations: Registrations;
  readonly #watcher: ProjectWatcher;
  readonly #changes: Disposable;
  #drafts = new Map<string, AgentDraft>();
  #agentsDir = DEFAULT_AGENTS_DIR;
  #own: Omit<Problem, 'since'>[] = [];
  #running: Promise<void>;
  #disposed = false;

  constructor(options: CatalogOptions) {
    this.#config = options.config;
    this.#now = options.now ?? (() => new Date());
    this.#registrations = new Registrations({ dataDir: options.dataDir, now: this.#now });
    this.#watcher = new ProjectWatcher({
      onChange: () => void this.#again(),
      onError: (error) => {
        this.#note('catalog:watch', 'Changes on disk are not seen', error);
      },
    });
    this.#running = this.#registrations
      .load()
      .catch((error: unknown) => this.#note('catalog:registrations', 'Registration times are lost', error));
    this.#changes = this.#config.current.on(() => void this.#again());
    this.ready = this.#again();
  }

  /** Reads lattice.yaml and the folder again now. Never rejects: what is wrong is in `problems`. */
  async reload(): Promise<void> {
    await this.#config.reload();
    await this.#again();
  }

  #again(): Promise<void> {
    this.#running = this.#running.then(() => (this.#disposed ? undefined : this.#read()));
    return this.#running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    this.#changes[Symbol.dispose]();
    await this.#running;
    await this.#watcher[Symbol.asyncDispose]();
  }

  async #read(): Promise<void> {
    const loaded = this.#config.current.value;
    const root = loaded.projectDir;
    const reading = await loadProject(loaded, this.#agentsDir);
    this.#agentsDir = reading.agentsDir;
    this.#drafts = this.#merge(reading);
    const definitions = [...this.#drafts.values()]
      .map((draft) => this.#register(root, draft))
      .sort((a, b) => (a.info.name < b.info.name ? -1 : 1));
    this.#own = this.#own.filter((each) => each.id !== 'catalog:save');
    await this.#registrations
      .save()
      .catch((error: unknown) => this.#note('catalog:save', 'Registration times are not kept', error));
    if (this.#disposed) return;
    this.#tell(definitions, reading.diagnostics);
    const named = [...reading.named];
    const files = named.map((file) => resolve(root, file));
    const roots = [root, ...named.filter(isAbsolute).map((file) => dirname(file))];
    await this.#watcher.watch({ roots, files, agentsDir: join(root, reading.agentsDir) });
  }

  /** What was read, and beside it what has a mistake now as it last was, unless another took its name. */
  #merge(reading: ProjectReading): Map<string, AgentDraft> {
    const merged = new Map(reading.drafts);
    const names = new Set([...merged.values()].map((draft) => draft.info.name));
    for (const [place, draft] of this.#drafts) {
      const stays = reading.broken.has(place) || (reading.configBroken && isInConfig(place));
      if (stays && !names.has(draft.info.name)) merged.set(place, draft);
    }
    return merged;
  }

  #register(root: string, { info, run, source }: AgentDraft): AgentDefinition {
    const registered_at = this.#registrations.timeOf(info.name, info.digest);
    return { info: { ...info, registered_at }, run, source: resolve(root, source) };
  }

  /** What is offered under this name now. */
  definition(name: string): AgentDefinition | undefined {
    return this.definitions.value.find((definition) => definition.info.name === name);
  }

  #tell(definitions: AgentDefinition[], diagnostics: readonly Diagnostic[]): void {
    if (!same(definitions, this.definitions.value)) this.definitions.set(definitions);
    const known = new Map(this.problems.value.map((problem) => [problem.id, problem]));
    const since = this.#now().toISOString();
    const problems = [...diagnostics.map(toProblem), ...this.#own].map((problem) => ({
      ...problem,
      since: known.get(problem.id)?.since ?? since,
    }));
    if (!same(problems, this.problems.value)) this.problems.set(problems);
  }

  /** Shows that something about the agents is wrong beside what their files say; one of each `id`. */
  note(id: string, title: string, thrown: unknown): void {
    this.#note(id, title, thrown);
    void this.#again();
  }

  #note(id: string, title: string, thrown: unknown): void {
    const { message, hint } = LatticeError.from(thrown);
    const detail = hint === undefined ? message : `${message} ${hint}`;
    this.#own = [
      ...this.#own.filter((each) => each.id !== id),
      { id, severity: 'warning', title, detail, area: 'agents' },
    ];
  }
}

function toProblem(diagnostic: Diagnostic): Omit<Problem, 'since'> {
  const { source, severity, line, column, message, suggestion, text } = diagnostic;
  const there = text.trim() === '' ? '' : `\n${text}`;
  return {
    id: `${source}:${diagnostic.path.join('.')}:${message}`,
    severity,
    title: `${source} has ${severity === 'error' ? 'an error' : 'a doubtful part'} in line ${line}`,
    detail: `Line ${line}, column ${column}: ${message}${suggestion === undefined ? '' : ` ${suggestion}`}${there}`,
    area: source.endsWith('.yaml') ? 'config' : 'agents',
  };
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
