import { describe, expect, it } from 'vitest';
import { layoutGraph } from './layers.ts';
import { testCard } from './testing.ts';

const cards = ['a', 'b', 'c', 'lone'].map((id) => testCard({ id }));
const at = (layout: ReturnType<typeof layoutGraph>, id: string) =>
  layout.nodes.find(({ card }) => card.id === id);

describe('the graph', () => {
  it('puts what has to come first at the left', () => {
    const layout = layoutGraph(cards, [
      { from: 'b', to: 'a', type: 'depends_on' },
      { from: 'b', to: 'c', type: 'blocks' },
    ]);
    const [a, b, c] = ['a', 'b', 'c'].map((id) => at(layout, id)?.x ?? Number.NaN);
    expect(a).toBeLessThan(b ?? 0);
    expect(b).toBeLessThan(c ?? 0);
    expect(at(layout, 'lone')).toBeUndefined();
    expect(layout.edges).toHaveLength(2);
  });

  it('ends on a circle and leaves out what is not shown', () => {
    const layout = layoutGraph(cards, [
      { from: 'a', to: 'b', type: 'blocks' },
      { from: 'b', to: 'a', type: 'blocks' },
      { from: 'a', to: 'gone', type: 'blocks' },
    ]);
    expect(layout.nodes).toHaveLength(2);
    expect(layout.edges).toHaveLength(2);
  });

  it('is empty without relations', () => {
    expect(layoutGraph(cards, []).nodes).toEqual([]);
  });
});
