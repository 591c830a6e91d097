import { useMemo } from 'react';
import { useLivePart } from '../../data/live.ts';

/** What lists of works say about stations. */
export interface StationFacts {
  /** The name of a station, or its id while nobody knows its name. */
  nameOf(id: string): string;
  isLate(id: string): boolean;
}

/** Names and lateness of all stations; the same object until one of these changes. */
export function useStationFacts(): StationFacts {
  const facts = useLivePart('stations.watch', (state) =>
    [...state.items.values()].map(({ id, name, status }) => `${status === 'late' ? '!' : ' '}${id} ${name}`),
  );
  return useMemo(() => {
    const known = new Map(
      facts.map((fact) => {
        const [id = '', ...name] = fact.slice(1).split(' ');
        return [id, { name: name.join(' '), late: fact.startsWith('!') }];
      }),
    );
    return {
      nameOf: (id) => known.get(id)?.name ?? id,
      isLate: (id) => known.get(id)?.late === true,
    };
  }, [facts]);
}
