import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addPulse, endPulse, linkWidth, NO_TRAFFIC, type Pulse } from './pulses.ts';

const pulse = (id: number, station = 'forge'): Pulse => ({ id, station, toHub: true });

it('draws at most 8 messages on a link and makes the link thicker beyond', () => {
  let traffic = NO_TRAFFIC;
  for (let id = 0; id < 12; id += 1) traffic = addPulse(traffic, pulse(id));
  expect(traffic.pulses).toHaveLength(8);
  expect(linkWidth(traffic, 'forge')).toBe(2.5);
  expect(linkWidth(traffic, 'atlas')).toBe(2);
});

it('never draws more than 30, never a link above 4, and is empty when all ended', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 200 }), (stations) => {
      const pulses = stations.map((station, id) => pulse(id, station));
      let traffic = pulses.reduce(addPulse, NO_TRAFFIC);
      expect(traffic.pulses.length).toBeLessThanOrEqual(30);
      for (const station of new Set(stations)) expect(linkWidth(traffic, station)).toBeLessThanOrEqual(4);
      traffic = pulses.reduce(endPulse, traffic);
      expect(traffic).toEqual(NO_TRAFFIC);
    }),
  );
});
