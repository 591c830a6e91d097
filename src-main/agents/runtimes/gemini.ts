import type { RuntimeSpec } from './runtime-spec.ts';

/** Gemini CLI; it speaks only its own format, so it asks its models itself. */
export const gemini: RuntimeSpec = {
  name: 'gemini',
  title: 'Gemini CLI',
  command: ['gemini', '--acp'],
  version: ['gemini', '--version'],
  install: 'Install Gemini CLI on this station: npm install -g @google/gemini-cli',
  takesGateway: false,
  async prepare() {
    return { env: {}, takesSystem: false };
  },
};
