import type { ReactNode } from 'react';
import type { ErrorShape } from '../../src-shared/errors.ts';

/** What went wrong in a form or a dialog, and what to do; nothing while nothing did. */
export function FailureText({ error }: { error: Pick<ErrorShape, 'message' | 'hint'> | null }): ReactNode {
  if (error === null) return null;
  return (
    <p role="alert" className="takeable text-small wrap-anywhere text-fail">
      {error.message} {error.hint}
    </p>
  );
}
