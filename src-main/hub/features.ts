/** `[major, minor, patch]` of a nats-server; what cannot be read counts as 0. */
function parseVersion(text: string): [number, number, number] {
  const match = /(\d+)\.(\d+)\.(\d+)/.exec(text);
  return [Number(match?.[1] ?? 0), Number(match?.[2] ?? 0), Number(match?.[3] ?? 0)];
}

/** True when `version` is at least `major.minor`. */
export function atLeast(version: string, major: number, minor: number): boolean {
  const [ownMajor, ownMinor] = parseVersion(version);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}

const sentences: [minor: number, off: string][] = [
  [10, 'Streams and consumers carry no metadata and no compression; that needs nats-server 2.10.'],
  [10, 'Subject transforms and consumers with several filters are off; they need nats-server 2.10.'],
  [10, 'A single client cannot be disconnected from here; that needs nats-server 2.10.'],
  [11, 'Keys and messages do not expire one by one; that needs nats-server 2.11.'],
  [11, 'Message tracing and pausing of consumers are off; they need nats-server 2.11.'],
  [12, 'Several messages cannot be stored as one step; that needs nats-server 2.12.'],
  [14, 'Consumers cannot be reset and schedules do not run; that needs nats-server 2.14.'],
];

/** What a server of this version cannot do, as sentences for a person. */
export function featuresOff(version: string): string[] {
  return sentences.filter(([minor]) => !atLeast(version, 2, minor)).map(([, off]) => off);
}
