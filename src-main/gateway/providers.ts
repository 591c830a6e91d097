import { z } from 'zod';
import { LatticeError } from '../../src-shared/errors.ts';
import { type WireFormat, wireFormats } from './wire-format.ts';

/** Where and how a provider is asked. */
export interface ProviderEndpoint {
  readonly name: string;
  /** Without a slash at the end. */
  readonly baseUrl: string;
  /** What it speaks, the best first. */
  readonly formats: readonly WireFormat[];
  /** The variable that holds its key; none for a provider that asks for none. */
  readonly keyName?: string | undefined;
}

const chat = ['chat'] as const;
type Known = Omit<ProviderEndpoint, 'name'>;

/** Providers that need no address in lattice.yaml. */
const KNOWN: ReadonlyMap<string, Known> = new Map<string, Known>([
  [
    'anthropic',
    { baseUrl: 'https://api.anthropic.com/v1', formats: ['messages'], keyName: 'ANTHROPIC_API_KEY' },
  ],
  [
    'openai',
    { baseUrl: 'https://api.openai.com/v1', formats: ['responses', 'chat'], keyName: 'OPENAI_API_KEY' },
  ],
  [
    'google',
    {
      baseUrl: 'https://generativelanguage.googleapis.com/v1beta/openai',
      formats: chat,
      keyName: 'GEMINI_API_KEY',
    },
  ],
  ['openrouter', { baseUrl: 'https://openrouter.ai/api/v1', formats: chat, keyName: 'OPENROUTER_API_KEY' }],
  ['ollama', { baseUrl: 'http://127.0.0.1:11434/v1', formats: chat }],
  ['lmstudio', { baseUrl: 'http://127.0.0.1:1234/v1', formats: chat }],
  ['deepseek', { baseUrl: 'https://api.deepseek.com/v1', formats: chat, keyName: 'DEEPSEEK_API_KEY' }],
  ['groq', { baseUrl: 'https://api.groq.com/openai/v1', formats: chat, keyName: 'GROQ_API_KEY' }],
  ['xai', { baseUrl: 'https://api.x.ai/v1', formats: chat, keyName: 'XAI_API_KEY' }],
  ['mistral', { baseUrl: 'https://api.mistral.ai/v1', formats: chat, keyName: 'MISTRAL_API_KEY' }],
  ['together', { baseUrl: 'https://api.together.xyz/v1', formats: chat, keyName: 'TOGETHER_API_KEY' }],
  [
    'fireworks',
    { baseUrl: 'https://api.fireworks.ai/inference/v1', formats: chat, keyName: 'FIREWORKS_API_KEY' },
  ],
  ['cerebras', { baseUrl: 'https://api.cerebras.ai/v1', formats: chat, keyName: 'CEREBRAS_API_KEY' }],
  ['moonshot', { baseUrl: 'https://api.moonshot.ai/v1', formats: chat, keyName: 'MOONSHOT_API_KEY' }],
]);

const format = z.enum(wireFormats);
const sectionSchema = z.looseObject({
  base_url: z.url({ protocol: /^https?$/ }).optional(),
  format: z.union([format, z.array(format).min(1)]).optional(),
  env: z.string().min(1).optional(),
  auth: z.string().optional(),
});

/**
 * Where a provider is asked, by its section in lattice.yaml and the table of known ones.
 * @throws LatticeError `invalid_input` for a section that cannot be used, `unsupported` for a sign-in that is not a key.
 */
export function providerEndpoint(name: string, section: unknown): ProviderEndpoint {
  const parsed = sectionSchema.safeParse(section ?? {});
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = ['providers', name, ...(issue?.path ?? [])].join('.');
    throw new LatticeError('invalid_input', `${where} in lattice.yaml cannot be used.`, {
      hint: 'Write base_url as https://…/v1 and format as chat, responses or messages.',
    });
  }
  const { base_url, format: written, env, auth } = parsed.data;
  const known = KNOWN.get(name);
  if (auth !== undefined && env === undefined) {
    throw new LatticeError('unsupported', `${name} signs in with ${auth}, which the gateway cannot do.`, {
      hint: `Set env: under providers.${name} to the variable that holds a key.`,
    });
  }
  const baseUrl = base_url ?? known?.baseUrl;
  if (baseUrl === undefined) {
    throw new LatticeError('invalid_input', `Nobody knows the address of the provider ${name}.`, {
      hint: `Set base_url under providers.${name} in lattice.yaml.`,
    });
  }
  const formats = written === undefined ? (known?.formats ?? chat) : [written].flat();
  return { name, baseUrl: baseUrl.replace(/\/+$/, ''), formats, keyName: env ?? known?.keyName };
}

/** The address of a format at a provider; a base for messages may be written with or without its `/v1`. */
export function endpointUrl(endpoint: ProviderEndpoint, format: WireFormat, path: string): string {
  const versioned = format !== 'messages' || /\/v\d+$/.test(endpoint.baseUrl);
  return `${endpoint.baseUrl}${versioned ? '' : '/v1'}${path}`;
}

/** The headers that carry a key. */
export function keyHeaders(format: WireFormat, key: string | undefined): Record<string, string> {
  if (key === undefined) return {};
  return format === 'messages' ? { 'x-api-key': key } : { authorization: `Bearer ${key}` };
}
