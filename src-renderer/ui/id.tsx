import type { ReactNode } from 'react';
import { CopyButton } from './copy-button.tsx';

/** First 10 and last 4 of a long id; a short one whole. */
export function shortId(id: string): string {
  return id.length <= 16 ? id : `${id.slice(0, 10)}…${id.slice(-4)}`;
}

/** An id in mono, shortened; copying gives the whole. */
export function Id({ id, copy = true }: { id: string; copy?: boolean }): ReactNode {
  return (
    <span className="inline-flex items-center gap-2">
      <span className="font-mono text-mono-small text-3" title={id}>
        {shortId(id)}
      </span>
      {copy && <CopyButton text={id} label="Copy the whole id" />}
    </span>
  );
}
