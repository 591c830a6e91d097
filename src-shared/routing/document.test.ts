import { describe, expect, test } from 'vitest';
import { matchAgent, routingDocument } from './document.ts';
import { GPT, LLAMA, SONNET } from './testing.ts';

const document = routingDocument({
  providers: {
    anthropic: { env: 'ANTHROPIC_API_KEY', local_budget: 'unlimited' },
    openai: {
      env: 'OPENAI_API_KEY',
      local_budget: 50,
      daily_budget: 5,
      daily_calls: 200,
      model_caps: { 'gpt-4o': { daily_calls: 20 }, broken: 3 },
      prices: { 'gpt-4o': { input: 2, output: 8, cache_read: 1 }, wrong: { input: '2' } },
    },
    google: { auth: 'antigravity' },
    ollama: { models: ['llama3.1:8b'] },
    lmstudio: null,
  },
  defaults: { routing: [SONNET, LLAMA] },
  agents: {
    coder: {
      triggers: ['/code', '/do'],
      routing: { strategy: 'pattern', pattern: [SONNET, GPT] },
      daily_calls: 9,
    },
    explore: { triggers: ['/find', '/do'] },
    counter: { run: { command: ['node', 'counter.mjs'] } },
  },
});

describe('a document', () => {
  test('gives agents their routing or the default one, and leaves out what calls no model', () => {
    expect(document.agents.map(({ name, byDefault, plan }) => [name, byDefault, plan.strategy])).toEqual([
      ['coder', false, 'pattern'],
      ['explore', true, 'fallback'],
    ]);
    expect(document.agents[0]?.caps).toEqual([
      { scope: 'agent', name: 'coder', unit: 'calls', per: 'day', limit: 9 },
    ]);
  });

  test('knows which providers need a key, which are local and what caps them', () => {
    const byName = new Map(document.providers.map((provider) => [provider.name, provider]));
    expect(byName.get('anthropic')).toMatchObject({ keyName: 'ANTHROPIC_API_KEY', local: false, caps: [] });
    expect(byName.get('google')).toMatchObject({ keyName: undefined, local: false });
    expect(byName.get('ollama')).toMatchObject({ local: true, models: ['llama3.1:8b'] });
    expect(byName.get('lmstudio')).toMatchObject({ local: true, models: undefined });
    expect(byName.get('openai')).toMatchObject({
      prices: { 'openai/gpt-4o': { input: 2, output: 8, cache_read: 1 } },
      caps: [
        { scope: 'provider', name: 'openai', unit: 'usd', per: 'month', limit: 50 },
        { scope: 'provider', name: 'openai', unit: 'usd', per: 'day', limit: 5 },
        { scope: 'provider', name: 'openai', unit: 'calls', per: 'day', limit: 200 },
        { scope: 'model', name: 'openai/gpt-4o', unit: 'calls', per: 'day', limit: 20 },
      ],
    });
  });

  test.each([{}, { agents: null, providers: null, defaults: null }])('%j is empty', (sections) => {
    expect(routingDocument(sections)).toEqual({ agents: [], providers: [] });
  });
});

describe('a request', () => {
  test.each([
    ['/code fix  the parser ', 'coder', '/code', 'fix  the parser'],
    ['/do', 'coder', '/do', ''],
    ['/find\tit', 'explore', '/find', 'it'],
    ['explore where', 'explore', undefined, 'where'],
  ])('%o goes to %s', (request, name, trigger, text) => {
    expect(matchAgent(document, request)).toMatchObject({ agent: { name }, trigger, text });
  });

  test.each(['', '   ', '/nobody', 'code', '/', '/Code'])('%o goes to nobody', (request) => {
    expect(matchAgent(document, request)).toBeUndefined();
  });
});
