import type { HubConnection, HubLogLine, HubSample } from '../../../src-shared/views/hub.ts';
import type { StationView } from '../../../src-shared/views/mesh.ts';
import type { HubState, HubView } from '../../../src-shared/views/node.ts';
import { bytesParts, count, shortCount } from '../../ui/format.ts';
import type { OutputLine } from '../../ui/output.tsx';
import type { Status, Tone } from '../../ui/status.ts';

/** How the state of the hub is shown. */
export const HUB_STATES: Readonly<Record<HubState, { status: Status; word: string }>> = {
  running: { status: 'online', word: 'Running' },
  starting: { status: 'running', word: 'Starting' },
  restarting: { status: 'late', word: 'Restarting' },
  stopping: { status: 'late', word: 'Stopping' },
  stopped: { status: 'offline', word: 'Stopped' },
  failed: { status: 'failed', word: 'Failed' },
};

/** A connection with its station, or a station whose connection is lost. */
export interface ConnectionRow {
  key: string;
  name: string;
  status: Status | undefined;
  kind: string;
  connection: HubConnection | undefined;
  /** Since when a station without connection is away, RFC 3339. */
  lostAt: string | undefined;
}

function kindOf(connection: HubConnection): string {
  switch (connection.kind) {
    case 'station':
      return 'Station';
    case 'command':
      return 'Command line';
    case 'other':
      return connection.lang === '' ? 'Other' : connection.lang;
  }
}

/** The connections of the hub with the stations behind them, and the stations that should have one. */
export function connectionRows(
  connections: readonly HubConnection[],
  stations: ReadonlyMap<string, StationView>,
): ConnectionRow[] {
  const rows = connections.map((connection): ConnectionRow => {
    const known = connection.station_id === undefined ? undefined : stations.get(connection.station_id);
    // A station of a guest can have the id of one of ours without being it.
    const station = connection.guest === undefined ? known : undefined;
    return {
      key: `cid ${connection.cid}`,
      name: station?.name ?? nameOf(connection, known),
      status: connection.slow
        ? 'late'
        : (station?.status ?? (connection.kind === 'station' ? 'online' : undefined)),
      kind: kindOf(connection),
      connection,
      lostAt: undefined,
    };
  });
  const own = connections.filter((connection) => connection.guest === undefined);
  const connected = new Set(own.map((connection) => connection.station_id));
  const lost = [...stations.values()].filter(
    (station) => station.status !== 'online' && !connected.has(station.id),
  );
  return [
    ...rows,
    ...lost.map(
      (station): ConnectionRow => ({
        key: `lost ${station.id}`,
        name: station.name,
        status: station.status,
        kind: 'Station',
        connection: undefined,
        lostAt: station.status_since,
      }),
    ),
  ];
}

/** How a connection is called that is none of a station we know; the devices of a guest are its own matter. */
function nameOf({ name, kind, guest }: HubConnection, known: StationView | undefined): string {
  if (guest !== undefined) {
    if (known?.is_self === true) return `${known.name} for ${guest}`;
    return `${kind === 'command' ? 'A command' : 'A device'} of ${guest}`;
  }
  if (name !== '') return name;
  return kind === 'command' ? 'lattice' : 'Not a station';
}

/** A figure of the hub with its recent course. */
export interface HubFigure {
  id: string;
  label: string;
  amount: string;
  unit: string;
  values: readonly number[];
  /** Traffic moves, load is quiet. */
  tone: 'run' | 'quiet';
}

const FIGURES: readonly (Pick<HubFigure, 'id' | 'label' | 'tone'> & {
  read(sample: HubSample): number;
  say(sample: HubSample): { amount: string; unit: string };
})[] = [
  {
    id: 'in',
    label: 'Messages in',
    tone: 'run',
    read: (sample) => sample.in_msgs,
    say: (sample) => ({ amount: count(sample.in_msgs), unit: 'per s' }),
  },
  {
    id: 'out',
    label: 'Messages out',
    tone: 'run',
    read: (sample) => sample.out_msgs,
    say: (sample) => ({ amount: count(sample.out_msgs), unit: 'per s' }),
  },
  {
    id: 'data',
    label: 'Data',
    tone: 'run',
    read: (sample) => sample.bytes,
    say: (sample) => {
      const { amount, unit } = bytesParts(sample.bytes);
      return { amount, unit: `${unit}/s` };
    },
  },
  {
    id: 'connections',
    label: 'Connections',
    tone: 'quiet',
    read: (sample) => sample.connections,
    say: (sample) => ({
      amount: count(sample.connections),
      unit: `of ${shortCount(sample.max_connections)}`,
    }),
  },
  {
    id: 'cpu',
    label: 'CPU',
    tone: 'quiet',
    read: (sample) => sample.cpu_percent,
    say: (sample) => ({ amount: sample.cpu_percent.toFixed(1), unit: '%' }),
  },
  {
    id: 'memory',
    label: 'Memory',
    tone: 'quiet',
    read: (sample) => sample.memory_bytes,
    say: (sample) => bytesParts(sample.memory_bytes),
  },
];

/** The six figures that samples tell, oldest sample first; without one the amounts are blank. */
export function hubFigures(samples: readonly HubSample[]): HubFigure[] {
  const last = samples.at(-1);
  return FIGURES.map(({ id, label, tone, read, say }) => ({
    id,
    label,
    tone,
    values: samples.map(read),
    ...(last === undefined ? { amount: '', unit: '' } : say(last)),
  }));
}

const LEVEL_TONE: Readonly<Record<HubLogLine['level'], Tone | undefined>> = {
  debug: undefined,
  info: undefined,
  warn: 'late',
  error: 'fail',
};

const lines = new WeakMap<HubLogLine, OutputLine>();

/** The log of the hub as lines of an output. */
export function logLines(log: readonly HubLogLine[]): OutputLine[] {
  return log.map((entry) => {
    const known = lines.get(entry);
    if (known !== undefined) return known;
    const tone = LEVEL_TONE[entry.level];
    const line: OutputLine = {
      key: String(entry.seq),
      time: entry.time,
      text: entry.text,
      label: entry.level,
      ...(tone === undefined ? {} : { tone }),
    };
    lines.set(entry, line);
    return line;
  });
}

/** Whether a line of the log is a warning or worse. */
export function isWarning(entry: HubLogLine): boolean {
  return entry.level === 'warn' || entry.level === 'error';
}

/** Host and port of an address: `127.0.0.1:8222`. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

/** To whom the hub is open, in words. */
export function openTo(hub: HubView): string {
  return hub.shared ? 'Your network, with TLS and keys' : 'This machine only';
}
