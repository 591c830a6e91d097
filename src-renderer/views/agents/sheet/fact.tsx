import type { ReactNode } from 'react';

/** A name and its value in the details of an agent. */
export function Fact({ name, children }: { name: string; children: ReactNode }): ReactNode {
  return (
    <div className="grid grid-cols-[112px_minmax(0,1fr)] items-baseline gap-x-16">
      <dt className="text-body text-3">{name}</dt>
      <dd className="min-w-0 text-body text-1">{children}</dd>
    </div>
  );
}
