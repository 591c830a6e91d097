import type { ReactNode } from 'react';
import type { StationView } from '../../../src-shared/views/mesh.ts';
import { Glyph } from '../../ui/glyph.tsx';
import { SidePanel } from '../../ui/side-panel.tsx';
import { StationAgents } from './station-agents.tsx';
import { StationEvents } from './station-events.tsx';
import { StationFacts } from './station-facts.tsx';
import { StationLoad } from './station-load.tsx';
import { StationState } from './station-state.tsx';
import { StationTags } from './station-tags.tsx';

/** Everything about one station. */
export function StationPanel({ station, onClose }: { station: StationView; onClose(): void }): ReactNode {
  return (
    <SidePanel
      label={`Station ${station.name}`}
      lead={<Glyph status={station.status} size={14} />}
      title={station.name}
      tags={<StationTags station={station} />}
      onClose={onClose}
    >
      <StationState station={station} />
      <StationLoad station={station} />
      <StationFacts station={station} />
      <StationAgents station={station} />
      <StationEvents station={station} />
    </SidePanel>
  );
}

/** The detail of a station that is not in the list. */
export function UnknownStation({ id, onClose }: { id: string; onClose(): void }): ReactNode {
  return (
    <SidePanel
      label="Unknown station"
      lead={<Glyph status="offline" />}
      title="Unknown station"
      onClose={onClose}
    >
      <p className="px-16 py-12 text-body text-2">
        No station of this lattice has the id{' '}
        <span className="takeable font-mono text-mono text-1">{id}</span>. It may have been removed, or it
        belongs to another lattice.
      </p>
    </SidePanel>
  );
}
