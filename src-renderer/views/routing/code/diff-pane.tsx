import { type ReactNode, useCallback } from 'react';
import { createDiff } from './create-diff.ts';
import { ShadowHost } from './shadow-host.tsx';

/** What changed between two texts. */
export function DiffPane(props: { before: string; after: string; label: string }): ReactNode {
  const { before, after, label } = props;
  const mount = useCallback(
    (root: ShadowRoot) => createDiff(root, before, after, label),
    [before, after, label],
  );
  return <ShadowHost mount={mount} className="max-h-400 overflow-auto rounded-card border border-border" />;
}
