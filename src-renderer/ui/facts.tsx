import type { ReactNode } from 'react';

/** A list of names and values, for example of what a station is. */
export function Facts({ children }: { children: ReactNode }): ReactNode {
  return <dl className="flex flex-col gap-4 px-16 py-12">{children}</dl>;
}

/** One name and its value, which a person can take along. */
export function Fact({ name, children }: { name: string; children: ReactNode }): ReactNode {
  return (
    <div className="flex min-h-20 items-start gap-12">
      <dt className="w-104 shrink-0 text-body text-3">{name}</dt>
      <dd className="takeable flex min-w-0 flex-1 flex-wrap items-center gap-x-6 text-body wrap-anywhere text-1">
        {children}
      </dd>
    </div>
  );
}
