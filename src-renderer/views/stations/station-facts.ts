import type { StationView } from '../../../src-shared/views/mesh.ts';
import { bytes, plural } from '../../ui/format.ts';

/** What narrows the list of stations. */
export interface StationFilter {
  text: string;
  /** Empty for any. */
  status: string;
}

/** Whether every word of the filter is in what a station says about itself. */
export function matchesStation(station: StationView, { text, status }: StationFilter): boolean {
  if (status !== '' && station.status !== status) return false;
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const { os, arch, hostname } = station.platform;
  const all = [station.name, station.id, os, arch, hostname, station.version, station.status]
    .join('\n')
    .toLowerCase();
  return words.every((word) => all.includes(word));
}

const NAMES: Readonly<Record<string, string>> = { darwin: 'macOS', linux: 'Linux', win32: 'Windows' };

/** The system of a station as a person calls it. */
export function systemName(os: string): string {
  return NAMES[os.toLowerCase()] ?? os;
}

/** System and size in a line: *Linux, 32 cores, 64.0 GiB*. */
export function systemText({ platform }: StationView): string {
  const { os, cores, memory_bytes } = platform;
  return `${systemName(os)}, ${plural(cores, 'core')}, ${bytes(memory_bytes)}`;
}

/** The load of a station at a moment. */
export interface LoadSample {
  /** The heartbeat it came with, RFC 3339. */
  at: string;
  /** Shares of 0 to 1. */
  cpu: number;
  memory: number;
  /** Share of the slots that are busy. */
  busy: number;
}

/** Samples that are kept of each station: ten minutes of heartbeats. */
const KEPT = 60;

/** The courses of load with what the stations say now; the same object when no heartbeat is new. */
export function withSamples(
  courses: ReadonlyMap<string, readonly LoadSample[]>,
  stations: Iterable<StationView>,
): ReadonlyMap<string, readonly LoadSample[]> {
  let next: Map<string, readonly LoadSample[]> | undefined;
  for (const { id, status, last_heard: at, load } of stations) {
    const course = courses.get(id) ?? [];
    if (status === 'offline' || at === undefined || course.at(-1)?.at === at) continue;
    const busy = load.capacity > 0 ? load.running / load.capacity : 0;
    next ??= new Map(courses);
    next.set(id, [...course.slice(1 - KEPT), { at, cpu: load.cpu, memory: load.memory, busy }]);
  }
  return next ?? courses;
}
