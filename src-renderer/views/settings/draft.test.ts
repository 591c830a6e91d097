import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Settings, settingsSchema } from '../../../src-shared/views/settings.ts';
import { DRAFT_KEYS, type Draft, draftOf, readDraft } from './draft.ts';

const values: Settings = {
  station_name: 'atlas',
  lattice_name: 'Platform team',
  port: 4222,
  http_port: 8222,
  max_parallel: 4,
  project_dir: '/home/ann/platform',
  runs_allow: 'everyone',
  runs_people: [],
  runs_agents: {},
  theme: 'system',
  density: 'compact',
  single_key_shortcuts: true,
  keep_in_tray: true,
  secrets: 'keychain',
};
const draft = (more: Partial<Draft>): Draft => ({ ...draftOf(values), ...more });

describe('a draft of the settings', () => {
  it('changes nothing when nothing was typed', () => {
    expect(readDraft(draftOf(values), values)).toEqual({ changes: {}, errors: {} });
  });

  it('changes only what differs, without the space around it', () => {
    const typed = draft({ station_name: ' forge ', port: '4223', max_parallel: '8' });
    expect(readDraft(typed, values)).toEqual({
      changes: { station_name: 'forge', port: 4223, max_parallel: 8 },
      errors: {},
    });
  });

  it.each([
    ['port', '80a', 'Use 1 to 65535'],
    ['port', '65536', 'Use 1 to 65535'],
    ['port', '-1', 'Use 1 to 65535'],
    ['http_port', '4222', 'already'],
    ['max_parallel', '0', 'Use 1 to 256'],
    ['max_parallel', '1.5', 'Use 1 to 256'],
    ['station_name', '  ', 'Type a name'],
    ['lattice_name', 'x'.repeat(201), 'at most 200'],
    ['project_dir', '', 'Choose a folder'],
  ] as const)('refuses %s %j and says what fits', (key, text, part) => {
    expect(readDraft(draft({ [key]: text }), values).errors[key]).toContain(part);
  });

  it('lets both ports be any free one', () => {
    expect(readDraft(draft({ port: '0', http_port: '0' }), values).errors).toEqual({});
  });

  it('never offers a change that main would refuse', () => {
    const typed = fc.record(
      Object.fromEntries(DRAFT_KEYS.map((key) => [key, fc.string()])),
    ) as fc.Arbitrary<Draft>;
    fc.assert(
      fc.property(typed, (text) => {
        expect(settingsSchema.partial().safeParse(readDraft(text, values).changes).success).toBe(true);
      }),
    );
  });
});
