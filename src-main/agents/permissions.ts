import type { RunControls } from './runner.ts';

/** What happens when an agent wants to use a tool: a list decides first, then the rest. */
export interface PermissionPolicy {
  /** For what no list names. */
  otherwise: 'ask' | 'allow' | 'deny';
  /** Such as `edit`, `execute:npm test*` or `mcp:clock/now`; `*` stands for any text. */
  allow: readonly string[];
  deny: readonly string[];
  /** For these a person is asked each time, whatever else is said. */
  confirm?: readonly string[];
}

/** What an agent wants to do. */
export interface PermissionRequest {
  /** The kind of tool, such as `edit`, `execute` or `mcp`. */
  kind: string;
  /** What exactly: a command, a path, a tool. */
  subject: string;
  /** For the person who is asked. */
  title: string;
}

export type Permission = 'allowed' | 'denied' | 'cancelled';

const CHOICES = {
  once: 'Allow once',
  always: 'Allow always for this work',
  deny: 'Deny',
} as const;

export interface PermissionsOptions {
  agent: string;
  policy: PermissionPolicy;
  ask: RunControls['ask'];
  signal: AbortSignal;
  /** Hears when nobody could be asked. */
  onUnasked(reason: string): void;
}

/** Decides what an agent may do during one run: by its policy, by what a person said before, or by asking. */
export class Permissions {
  readonly #options: PermissionsOptions;
  readonly #always = new Set<string>();
  #asked = 0;
  #waiting = 0;
  #askedMs = 0;
  #since = 0;

  constructor(options: PermissionsOptions) {
    this.#options = options;
  }

  /** Whether a person is thinking about a question now. */
  get isAsking(): boolean {
    return this.#waiting > 0;
  }

  /** How long people have been thinking about questions so far, in milliseconds. */
  get askedMs(): number {
    return this.#askedMs + (this.isAsking ? performance.now() - this.#since : 0);
  }

  /** Decides one request. Never rejects. */
  async decide(request: PermissionRequest): Promise<Permission> {
    const { policy, signal } = this.#options;
    if (signal.aborted) return 'cancelled';
    if (matchesAny(policy.deny, request)) return 'denied';
    if (matchesAny(policy.confirm ?? [], request)) return this.#ask(request);
    if (matchesAny(policy.allow, request)) return 'allowed';
    if (this.#always.has(keyOf(request))) return 'allowed';
    if (policy.otherwise !== 'ask') return policy.otherwise === 'allow' ? 'allowed' : 'denied';
    return this.#ask(request);
  }

  async #ask(request: PermissionRequest): Promise<Permission> {
    const { ask, agent, signal, onUnasked } = this.#options;
    if (this.#waiting++ === 0) this.#since = performance.now();
    try {
      const answer = await ask({
        // The same question in a later attempt finds the answer that was given before.
        id: `permission-${++this.#asked}`,
        text: `${agent} wants to ${request.title}`.slice(0, 8_000),
        choices: Object.values(CHOICES),
      });
      if (answer === CHOICES.always) this.#always.add(keyOf(request));
      return answer === CHOICES.once || answer === CHOICES.always ? 'allowed' : 'denied';
    } catch (error) {
      if (signal.aborted) return 'cancelled';
      onUnasked(error instanceof Error ? error.message : String(error));
      return 'denied';
    } finally {
      if (--this.#waiting === 0) this.#askedMs += performance.now() - this.#since;
    }
  }
}

/** "Always" means this very command, or this kind of change anywhere in the working folder. */
function keyOf({ kind, subject }: PermissionRequest): string {
  return kind === 'execute' || kind === 'mcp' || kind === 'fetch' ? `${kind}:${subject}` : kind;
}

function matchesAny(patterns: readonly string[], request: PermissionRequest): boolean {
  return patterns.some((pattern) => matches(pattern, request));
}

function matches(pattern: string, { kind, subject }: PermissionRequest): boolean {
  if (pattern === '*' || pattern === kind) return true;
  const [head = '', ...rest] = pattern.split(':');
  if (head !== kind || rest.length === 0) return false;
  // In a command a star must not reach a second command.
  const any = kind === 'execute' ? '[^;&|<>$`()\\r\\n]*' : '[^\\r\\n]*';
  const source = rest
    .join(':')
    .split('*')
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'))
    .join(any);
  return new RegExp(`^${source}$`, 'u').test(subject);
}
