import { Link } from '@tanstack/react-router';
import { type KeyboardEvent, type ReactNode, useMemo, useRef } from 'react';
import type { StationView } from '../../../../src-shared/views/mesh.ts';
import type { NodeView } from '../../../../src-shared/views/node.ts';
import { useCompact } from '../../../app/use-compact.ts';
import { useLivePart } from '../../../data/live.ts';
import { cx } from '../../../ui/cx.ts';
import type { Activity } from '../activity.ts';
import { type Direction, nearest } from './geometry.ts';
import { HubNode } from './hub-node.tsx';
import { Invitation } from './invitation.tsx';
import { type GraphLayout, layoutStations, type PlacedStation } from './layout.ts';
import { layoutChips } from './layout-chips.ts';
import { LinkLabel, LinkLine, PulseDot } from './links.tsx';
import { nodeHeight, nodeName, StationChip, StationNode } from './station-node.tsx';
import { useSize } from './use-size.ts';
import { useTraffic } from './use-traffic.ts';

/** Up to this many stations are drawn as nodes, more of them as chips. */
const MOST_NODES = 8;

const DIRECTIONS: Record<string, Direction> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

export interface GraphProps {
  node: NodeView;
  /** Oldest first. */
  stations: readonly StationView[];
  /** What each station has, by its id. */
  activities: ReadonlyMap<string, readonly Activity[]>;
  /** 1 fits; more is larger. */
  zoom: number;
}

function useRoundTrips(node: NodeView): ReadonlyMap<string, number> {
  const connections = useLivePart('hub.metrics', (state) => state.items.get('hub')?.connections);
  return useMemo(() => {
    const trips = new Map<string, number>();
    for (const { station_id: id, rtt_ms: rtt } of connections ?? [])
      if (id !== undefined && rtt !== undefined) trips.set(id, rtt);
    if (node.connection.rtt_ms !== undefined) trips.set(node.station_id, node.connection.rtt_ms);
    return trips;
  }, [connections, node.connection.rtt_ms, node.station_id]);
}

function useLayout(
  props: GraphProps,
  size: { width: number; height: number } | undefined,
): GraphLayout | undefined {
  const compact = useCompact();
  const { stations, activities } = props;
  return useMemo(() => {
    if (size === undefined) return undefined;
    const sized = stations.map((station) => ({
      id: station.id,
      own: station.is_self,
      height: nodeHeight(station, activities.get(station.id) ?? [], compact),
    }));
    const input = {
      ...size,
      compact,
      others: sized.filter((station) => !station.own),
      self: sized.find((station) => station.own),
    };
    return stations.length > MOST_NODES ? layoutChips(input) : layoutStations(input);
  }, [stations, activities, size, compact]);
}

const RANK = { offline: 0, late: 1, online: 2 } as const;

/** Lines that share a way: what moves lies on top. */
function busyLast(
  places: readonly PlacedStation[],
  stations: ReadonlyMap<string, StationView>,
): PlacedStation[] {
  const rank = ({ id }: PlacedStation) => {
    const station = stations.get(id);
    return station === undefined ? 0 : RANK[station.status] + Math.min(station.load.running, 1);
  };
  return [...places].sort((a, b) => rank(a) - rank(b));
}

/** Moves the focus to the nearest node in the direction of the key. */
function moveFocus(event: KeyboardEvent<HTMLElement>, layout: GraphLayout): void {
  const direction = DIRECTIONS[event.key];
  const focused =
    document.activeElement instanceof HTMLElement ? document.activeElement.dataset.node : undefined;
  if (direction === undefined || focused === undefined) return;
  const all = [{ id: 'hub', box: layout.hub }, ...layout.stations];
  const from = all.find((place) => place.id === focused);
  const next = from === undefined ? undefined : nearest(from.box, all, direction);
  if (next === undefined) return;
  event.preventDefault();
  event.currentTarget.querySelector<HTMLElement>(`[data-node="${CSS.escape(next.id)}"]`)?.focus();
}

/** The mesh: the hub in the middle, stations around it, messages on their lines. */
export function Graph(props: GraphProps): ReactNode {
  const { node, stations, activities, zoom } = props;
  const frame = useRef<HTMLDivElement>(null);
  const size = useSize(frame);
  const layout = useLayout(props, size);
  const compact = useCompact();
  const traffic = useTraffic();
  const trips = useRoundTrips(node);
  const chips = stations.length > MOST_NODES;
  const byId = new Map(stations.map((station) => [station.id, station]));
  const places = layout?.stations ?? [];
  const fit =
    size === undefined || layout === undefined
      ? 1
      : Math.min(1, size.width / layout.size.width, size.height / layout.size.height);
  const scale = fit * zoom;
  return (
    <div ref={frame} className="dot-grid absolute inset-0 overflow-auto">
      {layout !== undefined && size !== undefined && (
        <section
          aria-label="Stations around the hub"
          onKeyDown={(event) => moveFocus(event, layout)}
          className="relative mx-auto origin-top-left"
          style={{
            width: layout.size.width,
            height: layout.size.height,
            transform: `scale(${scale})`,
            marginLeft: Math.max(0, (size.width - layout.size.width * scale) / 2),
            marginTop: Math.max(0, (size.height - layout.size.height * scale) / 2),
          }}
        >
          <svg aria-hidden width={layout.size.width} height={layout.size.height} className="absolute inset-0">
            {busyLast(places, byId).map((place) => {
              const station = byId.get(place.id);
              return (
                station && (
                  <LinkLine
                    key={place.id}
                    place={place}
                    station={station}
                    traffic={traffic}
                    connected={node.connection.state === 'connected'}
                  />
                )
              );
            })}
          </svg>
          {traffic.pulses.map((pulse) => {
            const place = places.find((candidate) => candidate.id === pulse.station);
            return place && <PulseDot key={pulse.id} path={place.path} toHub={pulse.toHub} />;
          })}
          <HubNode box={layout.hub} node={node} />
          {places.map((place) => {
            const station = byId.get(place.id);
            if (station === undefined) return null;
            const { x, y, width, height } = place.box;
            return (
              <Link
                key={place.id}
                to="/stations/$stationId"
                params={{ stationId: place.id }}
                data-node={place.id}
                aria-label={nodeName(station)}
                className={cx(
                  'absolute block border transition-[left,top,background-color] duration-320 ease-enter',
                  chips ? 'rounded-control' : 'rounded-node',
                  station.status === 'offline'
                    ? 'border-dashed border-border bg-page'
                    : 'border-border bg-surface hover:bg-hover',
                )}
                style={{ left: x, top: y, width, height }}
              >
                {chips ? (
                  <StationChip station={station} />
                ) : (
                  <StationNode
                    station={station}
                    activities={activities.get(station.id) ?? []}
                    compact={compact}
                    saysSilence={!layout.labelled}
                  />
                )}
              </Link>
            );
          })}
          {layout.labelled &&
            places.map((place) => {
              const station = byId.get(place.id);
              return (
                station && (
                  <LinkLabel key={place.id} place={place} station={station} rtt={trips.get(place.id)} />
                )
              );
            })}
          {stations.length <= 1 && <Invitation box={layout.invitation} node={node} />}
        </section>
      )}
    </div>
  );
}
