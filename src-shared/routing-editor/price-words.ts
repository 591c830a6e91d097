import type { PlainValue } from '../lattice-yaml/edit/edit.ts';
import { plainAt } from '../lattice-yaml/edit/find.ts';
import { own } from '../routing/own.ts';
import type { RoutingKnown } from '../views/routing.ts';

/**
 * What holds for a model where its row of prices says nothing: what is sent costs the same from and into a cache, and
 * without a row the price that Lattice knows holds; nothing where none is known.
 */
export function priceWithout(
  known: Pick<RoutingKnown, 'prices'>,
  model: string,
  key: 'input' | 'output' | 'cache_read' | 'cache_write',
  row: PlainValue,
): string {
  if (row === null) return String(own(known.prices, model)?.[key] ?? '');
  const sent = plainAt(row, ['input']);
  return key.startsWith('cache') && typeof sent === 'number' ? String(sent) : '';
}
