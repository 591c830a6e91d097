import type { ReactNode } from 'react';

/** A group of settings under one heading. */
export function Section({ title, children }: { title: string; children: ReactNode }): ReactNode {
  return (
    <section aria-label={title} className="border-b border-hairline py-20 last:border-0">
      <h2 className="mb-12 text-body font-semibold text-1">{title}</h2>
      <div className="flex flex-col gap-14">{children}</div>
    </section>
  );
}
