import type { LatticeNames } from '../../src-shared/protocol/subjects.ts';

/** What a lattice does with its server, in the order a person reads it. */
export const featureIds = [
  'answers',
  'jetstream',
  'registry',
  'presence',
  'calls',
  'work',
  'log',
  'output',
  'results',
  'usage',
  'witness',
] as const;
export type FeatureId = (typeof featureIds)[number];

/** The name of each feature, and what does not work without it. */
export const featureWords: Readonly<Record<FeatureId, { title: string; without: string }>> = {
  answers: { title: 'Own inbox', without: 'No question gets an answer, so nothing of Lattice works.' },
  jetstream: { title: 'JetStream', without: 'The server keeps nothing, so this machine cannot join.' },
  registry: { title: 'Registry of stations', without: 'This machine cannot join as a station.' },
  presence: { title: 'Presence', without: 'Stations do not hear who comes, stays and goes.' },
  calls: { title: 'Direct calls', without: 'Agents of other machines cannot be called, or not answer.' },
  work: { title: 'Durable work', without: 'No work can be given, taken or confirmed.' },
  log: { title: 'Event log', without: 'The log and the state of work cannot be kept or read.' },
  output: { title: 'Output of work', without: 'What work says while it runs is not shown.' },
  results: { title: 'Large results', without: 'Results that do not fit into one message are lost.' },
  usage: { title: 'Shared usage', without: 'What models cost is counted on each machine only.' },
  witness: { title: 'Witness', without: 'Nobody notices work that is stuck or was lost with its machine.' },
};

/** Features without which no station can join. */
export const ESSENTIAL: readonly FeatureId[] = ['answers', 'jetstream', 'registry'];

/** The feature that a stream serves; `subject` may also be any subject with the name of a store in it. */
export function featureOf(subject: string, names: LatticeNames): FeatureId {
  const has = (...parts: string[]) => parts.some((part) => subject.includes(part));
  if (subject === '$JS.API.INFO') return 'jetstream';
  if (has(names.stationsBucket, names.agentsBucket, names.presenceBucket)) return 'registry';
  if (has(names.usageBucket)) return 'usage';
  if (has(names.leasesBucket)) return 'witness';
  if (has(names.resultsBucket)) return 'results';
  if (has(names.queueStream, names.agentQueueStream, '.work.assign')) return 'work';
  if (has(names.outputStream, '.progress', '.output')) return 'output';
  if (has(names.eventsStream, '.events.')) return 'log';
  if (has('.presence.')) return 'presence';
  if (has('.agent.', '.reply.')) return 'calls';
  if (has('.work.')) return 'work';
  return 'answers';
}
