import { describe, expect, test } from 'vitest';
import { endpointUrl, keyHeaders, providerEndpoint } from './providers.ts';

describe('a provider', () => {
  test('that is known needs nothing in lattice.yaml', () => {
    expect(providerEndpoint('anthropic', null)).toEqual({
      name: 'anthropic',
      baseUrl: 'https://api.anthropic.com/v1',
      formats: ['messages'],
      keyName: 'ANTHROPIC_API_KEY',
    });
    expect(providerEndpoint('ollama', { models: ['llama3.1:8b'] }).keyName).toBeUndefined();
  });

  test('goes by what lattice.yaml says', () => {
    expect(
      providerEndpoint('openai', {
        base_url: 'https://proxy.example/openai/v1/',
        env: 'PROXY_KEY',
        format: 'chat',
      }),
    ).toEqual({
      name: 'openai',
      baseUrl: 'https://proxy.example/openai/v1',
      formats: ['chat'],
      keyName: 'PROXY_KEY',
    });
    const two = providerEndpoint('mine', { base_url: 'http://127.0.0.1:8080', format: ['messages', 'chat'] });
    expect(two.formats).toEqual(['messages', 'chat']);
    expect(endpointUrl(two, 'messages', '/messages')).toBe('http://127.0.0.1:8080/v1/messages');
    expect(endpointUrl({ ...two, baseUrl: 'https://x.example/v1' }, 'messages', '/messages')).toBe(
      'https://x.example/v1/messages',
    );
  });

  test.each([
    ['nobody', {}, /Nobody knows the address of the provider nobody/],
    ['mine', { base_url: 'ftp://x' }, /providers\.mine\.base_url/],
    ['mine', { base_url: 'not an address' }, /providers\.mine\.base_url/],
    ['mine', { base_url: 7 }, /providers\.mine\.base_url/],
    ['mine', { base_url: 'http://x', format: 'grpc' }, /providers\.mine\.format/],
    ['mine', 'text', /providers\.mine in lattice/],
    ['openai', { auth: 'codex-auth@4' }, /signs in with codex-auth@4/],
    ['constructor', {}, /Nobody knows/],
  ])('%s with %j cannot be asked', (name, section, words) => {
    expect(() => providerEndpoint(name, section)).toThrow(words);
  });

  test('gets its key where its format has it', () => {
    expect(keyHeaders('messages', 'k')).toEqual({ 'x-api-key': 'k' });
    expect(keyHeaders('chat', 'k')).toEqual({ authorization: 'Bearer k' });
    expect(keyHeaders('responses', undefined)).toEqual({});
  });
});
