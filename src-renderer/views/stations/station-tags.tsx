import type { ReactNode } from 'react';
import type { StationView } from '../../../src-shared/views/mesh.ts';
import { Tag } from '../../ui/tag.tsx';

/** What is special about a station: that it is this machine, that it hosts the hub. */
export function StationTags({ station }: { station: StationView }): ReactNode {
  return (
    <>
      {station.is_self && <Tag>This machine</Tag>}
      {station.hosts_hub && <Tag>Hub</Tag>}
    </>
  );
}
