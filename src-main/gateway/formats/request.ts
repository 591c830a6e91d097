/** A piece of content: text, or an image by its address or as base64. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'image'; readonly url: string; readonly detail?: string | undefined }
  | { readonly kind: 'image'; readonly mediaType: string; readonly base64: string };

/** A call of a tool that the model made earlier in the conversation. */
export interface PastCall {
  readonly kind: 'call';
  readonly id: string;
  readonly name: string;
  /** JSON as the model wrote it. */
  readonly arguments: string;
}

/** A message of a conversation. */
export type Turn =
  | { readonly role: 'user'; readonly parts: readonly Part[] }
  | { readonly role: 'assistant'; readonly parts: readonly (Part | PastCall)[] }
  | {
      readonly role: 'tool';
      readonly id: string;
      readonly parts: readonly Part[];
      readonly failed?: boolean | undefined;
    };

/** A tool the model may call. */
export interface Tool {
  readonly name: string;
  readonly description?: string | undefined;
  /** JSON Schema of its arguments. */
  readonly parameters: unknown;
  readonly strict?: boolean | undefined;
}

/** Which tool the model has to call. */
export type ToolChoice = 'auto' | 'none' | 'required' | { readonly name: string };

/** A request for a model, the same for every wire format. */
export interface ModelRequest {
  readonly system: string;
  readonly turns: readonly Turn[];
  readonly tools: readonly Tool[];
  readonly toolChoice?: ToolChoice | undefined;
  readonly parallelTools?: boolean | undefined;
  readonly maxTokens?: number | undefined;
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  readonly stop?: readonly string[] | undefined;
  /** `low`, `medium` and the like. */
  readonly effort?: string | undefined;
  /** JSON Schema the answer has to follow; `json` asks for any JSON. */
  readonly output?:
    | 'json'
    | { readonly name: string; readonly schema: unknown; readonly strict?: boolean }
    | undefined;
  readonly stream: boolean;
  /** Tools that take free text instead of JSON; they are offered as functions with one argument. */
  readonly freeformTools: ReadonlySet<string>;
}

/** Collects what another format cannot carry; each is said once. */
export class Dropped {
  readonly #said = new Set<string>();

  add(what: string): void {
    this.#said.add(what);
  }

  get list(): string[] {
    return [...this.#said];
  }
}
