import { Emitter } from '../../src-shared/emitter.ts';
import { LatticeError } from '../../src-shared/errors.ts';
import { InTurn } from '../../src-shared/in-turn.ts';
import { parseCondition } from '../../src-shared/lattice-yaml/condition.ts';
import type { ConditionFacts } from '../../src-shared/lattice-yaml/condition-names.ts';
import { evaluateCondition } from '../../src-shared/lattice-yaml/condition-value.ts';
import type { LatticeYaml } from '../../src-shared/lattice-yaml/schema.ts';
import { openVcs } from '../vcs/open-vcs.ts';
import type { Checkpoint, Vcs } from '../vcs/vcs.ts';
import {
  type ActionContext,
  type Hook,
  type HookEvent,
  type HookLogLevel,
  type HookRan,
  type HookRouting,
  isHookAction,
  type Notify,
} from './hook.ts';
import { hookActs, messageOf } from './hook-actions.ts';

/** One action has this long; a push over a slow line is the longest. */
const TIMEOUT_MS = 60_000;

export interface HookRunnerOptions {
  /** What lattice.yaml says now. */
  document: () => LatticeYaml;
  projectDir: string;
  environment: NodeJS.ProcessEnv;
  notify: Notify;
  log: (level: HookLogLevel, text: string) => void;
  routing: HookRouting;
  /** Bounds one action, in ms. */
  timeoutMs?: number;
}

/** What the hooks of one run share. */
export interface HookScope {
  checkpoint?: Checkpoint | undefined;
}

/** Runs the hooks of lattice.yaml. A hook that fails is told and never fails the work. */
export class HookRunner {
  readonly #options: HookRunnerOptions;
  /** Two actions on the same files at once would see half of each. */
  readonly #turn = new InTurn();
  /** Fires after each action that ran. */
  readonly ran = new Emitter<HookRan>();

  constructor(options: HookRunnerOptions) {
    this.#options = options;
  }

  /** The hooks of an event as lattice.yaml has them now. */
  hooksOf(event: HookEvent): readonly Hook[] {
    return this.#options.document().hooks?.[event] ?? [];
  }

  /** Runs the actions of an event one after the other, those whose condition holds. Never rejects. */
  async run(event: HookEvent, known: ConditionFacts, scope: HookScope = {}): Promise<void> {
    const facts = { ...known, event };
    for (const hook of this.hooksOf(event)) {
      const startedAt = performance.now();
      const tell = (outcome: HookRan['outcome'], text: string) =>
        this.#tell(hook, facts, outcome, text, startedAt);
      try {
        if (!holds(hook, facts)) continue;
        const text = await this.#act(hook, facts, scope);
        if (hook.notify === true)
          this.#options.notify.terminal(hook.action.startsWith('notify.') ? text : said(hook, facts, text));
        tell('done', text);
      } catch (error) {
        const { message } = LatticeError.from(error);
        this.#options.log('warning', `The hook ${event} ${hook.action} failed: ${message}`);
        tell('failed', message);
      }
    }
  }

  /** Files that changed since the checkpoint of a run, or since the last commit without one; none when that fails. */
  async filesChanged({ checkpoint }: HookScope): Promise<string[]> {
    try {
      return await this.#inTurn((signal) => this.#open(signal).then((vcs) => vcs.filesChanged(checkpoint)));
    } catch (error) {
      const { message } = LatticeError.from(error);
      this.#options.log('warning', `What a run changed is not known: ${message}`);
      return [];
    }
  }

  #act(hook: Hook, facts: ConditionFacts, scope: HookScope): Promise<string> {
    const { action } = hook;
    if (!isHookAction(action)) {
      throw new LatticeError('invalid_input', `There is no action ${action}.`, {
        hint: 'lattice validate shows which there are.',
      });
    }
    const { document, environment, notify, log, routing } = this.#options;
    const act = (signal: AbortSignal) => {
      const context: ActionContext = {
        hook,
        facts,
        document: document(),
        vcs: () => this.#open(signal),
        notify,
        log,
        routing,
        environment,
        checkpoint: scope.checkpoint,
        keep: (made) => {
          scope.checkpoint = made;
        },
        signal,
      };
      return Promise.resolve(hookActs[action](context));
    };
    return action.startsWith('vcs.') ? this.#inTurn(act) : this.#limited(act);
  }

  #open(signal: AbortSignal): Promise<Vcs> {
    const { document, projectDir, environment } = this.#options;
    return openVcs({ config: document().vcs, projectDir, environment, signal });
  }

  #inTurn<T>(action: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return this.#turn.run(() => this.#limited(action));
  }

  /** Ends an action that takes too long: whatever it started hears the signal, and nobody waits for it any more. */
  async #limited<T>(action: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const ms = this.#options.timeoutMs ?? TIMEOUT_MS;
    const ending = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new LatticeError('timeout', `It did not end within ${ms} ms.`));
        ending.abort();
      }, ms);
    });
    try {
      return await Promise.race([action(ending.signal), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  #tell(
    { action }: Hook,
    { event, agent, work }: ConditionFacts & { event: HookEvent },
    outcome: HookRan['outcome'],
    text: string,
    startedAt: number,
  ): void {
    this.ran.emit({
      event,
      action,
      outcome,
      text,
      agent: typeof agent === 'string' ? agent : undefined,
      work: typeof work === 'string' ? work : undefined,
      duration_ms: Math.round(performance.now() - startedAt),
    });
  }
}

function holds(hook: Hook, facts: ConditionFacts): boolean {
  if (hook.when === undefined) return true;
  const parsed = parseCondition(hook.when);
  if (parsed.ok) return evaluateCondition(parsed.expression, facts);
  const { message, suggestion } = parsed.error;
  throw new LatticeError(
    'invalid_input',
    `when: ${hook.when} cannot be read. ${message}${suggestion === undefined ? '' : ` ${suggestion}`}`,
  );
}

/** What `notify: true` says beside an action: what happened, and what the action did about it. */
function said(hook: Hook, facts: ConditionFacts, text: string): string {
  return hook.message === undefined && hook.action.startsWith('log.')
    ? text
    : `${messageOf({ hook, facts })} ${text}`;
}
