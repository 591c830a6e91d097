import { Link, useRouterState } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import type { ReactNode } from 'react';
import { useApprovals } from '../data/approvals.ts';
import { useLivePart } from '../data/live.ts';
import { useWorkCounts } from '../data/works.ts';
import { cx } from '../ui/cx.ts';
import { Icon } from '../ui/icon.tsx';
import { KeyHint } from '../ui/key-hint.tsx';
import { isMac, keyText } from '../ui/keys.ts';
import { Tip } from '../ui/tooltip.tsx';
import { LatticeSwitcher } from './lattice-switcher.tsx';
import { openPalette } from './open-palette.ts';
import { type Place, placeGroups, settingsPlace } from './places.ts';

function useCounts(): Partial<Record<string, number>> {
  const stations = useLivePart('stations.watch', (state) => state.items.size);
  const agents = useLivePart(
    'agents.watch',
    (state) => new Set([...state.items.values()].map((agent) => agent.name)).size,
  );
  const { running, needs_you } = useWorkCounts();
  const approvals = useApprovals().length;
  return { stations, agents, work: running, needs_you: needs_you + approvals };
}

/** How much waits for a person: the one count that calls. */
function NeedsPill({ count, narrow }: { count: number; narrow: boolean }): ReactNode {
  return (
    <span
      className={cx(
        'figures grid h-18 min-w-18 place-items-center rounded-full border border-ask-line bg-ask-subtle px-4 text-tiny text-ask',
        narrow && 'absolute -top-2 -right-2',
      )}
    >
      {count > 99 ? '99+' : count}
    </span>
  );
}

function RailItem(props: {
  place: Place;
  narrow: boolean;
  count: number | undefined;
  /** How much waits for a person. */
  needs?: number | undefined;
}): ReactNode {
  const { place, narrow, count, needs = 0 } = props;
  const isHere = useRouterState({
    select: ({ location }) => place.also?.includes(location.pathname) === true,
  });
  const link = (
    <Link
      to={place.path}
      aria-label={needs > 0 ? `${place.title}, ${needs} need you` : narrow ? place.title : undefined}
      aria-current={isHere ? 'page' : undefined}
      activeProps={{ 'aria-current': 'page' }}
      className={cx(
        'relative flex h-32 items-center gap-10 rounded-control px-8 text-body font-medium text-2 transition-colors duration-80 hover:bg-hover aria-[current]:bg-rail-item-on aria-[current]:font-semibold aria-[current]:text-1',
        narrow && 'justify-center',
      )}
    >
      <Icon icon={place.icon} size={16} />
      {!narrow && <span className="flex-1">{place.title}</span>}
      {!narrow && count !== undefined && count > 0 && (
        <span className="figures text-small font-normal text-3">{count}</span>
      )}
      {needs > 0 && <NeedsPill count={needs} narrow={narrow} />}
    </Link>
  );
  const tip = place.shortcut === undefined ? place.title : `${place.title} (${keyText(place.shortcut)})`;
  return narrow ? <Tip text={tip}>{link}</Tip> : link;
}

function FindField({ narrow }: { narrow: boolean }): ReactNode {
  const open = () => openPalette();
  const button = (
    <button
      type="button"
      onClick={open}
      aria-label="Find or run"
      className={cx(
        'flex h-32 w-full items-center gap-8 rounded-control text-body text-3 transition-colors duration-80',
        narrow ? 'justify-center hover:bg-hover' : 'border border-border bg-surface px-8 hover:bg-hover',
      )}
    >
      <Icon icon={Search} size={narrow ? 16 : 14} />
      {!narrow && <span className="flex-1 text-left">Find or run</span>}
      {!narrow && <KeyHint keys="Mod+K" />}
    </button>
  );
  return narrow ? <Tip text={`Find or run (${keyText('Mod+K')})`}>{button}</Tip> : button;
}

/** The way to every view, with counts; `narrow` shows icons only. */
export function Rail({ narrow }: { narrow: boolean }): ReactNode {
  const counts = useCounts();
  return (
    <nav
      aria-label="Views"
      data-region
      tabIndex={-1}
      className={cx(
        'flex flex-col overflow-y-auto border-r border-hairline bg-rail p-8 pt-0 outline-none',
        narrow ? 'w-52' : 'w-208',
        isMac && 'pt-28',
      )}
    >
      <LatticeSwitcher narrow={narrow} />
      <div className="mt-4 mb-12">
        <FindField narrow={narrow} />
      </div>
      <div className={cx('flex flex-col', narrow ? 'gap-8' : 'gap-14')}>
        {placeGroups.map((group) => (
          <div key={group[0]?.id} className="flex flex-col gap-2">
            {group.map((place) => (
              <RailItem
                key={place.id}
                place={place}
                narrow={narrow}
                count={counts[place.id]}
                needs={place.id === 'overview' ? counts.needs_you : undefined}
              />
            ))}
          </div>
        ))}
      </div>
      <div className="mt-auto pt-14">
        <RailItem place={settingsPlace} narrow={narrow} count={undefined} />
      </div>
    </nav>
  );
}
