import type { Page } from 'playwright-core';
import type { NodeView } from '../src-shared/views/node.ts';

/** The node as main tells it to this window. */
export function nodeViewOf(page: Page): Promise<NodeView> {
  return page.evaluate(
    () =>
      new Promise<NodeView>((resolve) => {
        const end = globalThis.lattice.subscribe('node.watch', undefined, (message) => {
          if (message.kind !== 'snapshot') return;
          end();
          resolve(message.items[0] as NodeView);
        });
      }),
  );
}
