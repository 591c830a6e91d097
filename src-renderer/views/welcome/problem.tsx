import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { LatticeError } from '../../../src-shared/errors.ts';
import { Icon } from '../../ui/icon.tsx';

/** What went wrong, in place. */
export function Problem({ children }: { children: ReactNode }): ReactNode {
  return (
    <div role="alert" className="flex items-start gap-6 text-small text-fail">
      <Icon icon={CircleAlert} size={12} className="mt-2" />
      <span className="takeable min-w-0 flex-1 break-words">{children}</span>
    </div>
  );
}

/** An error of main as one or two sentences. */
export function ErrorProblem({ error }: { error: LatticeError }): ReactNode {
  return (
    <Problem>
      {error.message} {error.hint}
    </Problem>
  );
}

/** The free port that main offers when the wanted one is taken, or undefined. */
export function freePortOf(error: LatticeError): number | undefined {
  const port = error.details?.next_free;
  return error.code === 'port_taken' && typeof port === 'number' ? port : undefined;
}
