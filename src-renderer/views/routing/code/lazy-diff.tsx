import { lazy, type ReactNode, Suspense } from 'react';
import { Loading } from '../../../ui/states.tsx';

const Diff = lazy(async () => ({ default: (await import('./diff-pane.tsx')).DiffPane }));

/** What changed between two texts; the editor's code comes only when it is shown. */
export function DiffPane(props: { before: string; after: string; label: string }): ReactNode {
  return (
    <Suspense fallback={<Loading rows={3} label="Loading the changes" />}>
      <Diff {...props} />
    </Suspense>
  );
}
