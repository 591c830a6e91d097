import type { ReactNode } from 'react';

/** One figure of a line of figures, with a weaker word beside it where there is room. */
export function Figure(props: { label: string; value: string; more?: ReactNode }): ReactNode {
  return (
    <div className="min-w-0 flex-1 border-l border-hairline px-20 py-12 first:border-l-0 max-wide:px-14 max-wide:py-8">
      <dt className="truncate text-small text-2">{props.label}</dt>
      <dd className="figures flex items-baseline gap-8">
        <span className="text-figure whitespace-nowrap text-1 max-wide:text-figure-small">{props.value}</span>
        {props.more !== undefined && props.more !== false && (
          <span className="truncate text-small text-3 max-wide:hidden">{props.more}</span>
        )}
      </dd>
    </div>
  );
}

/** A line of 76 under the header that holds figures. */
export function FigureStrip(props: { label?: string; children: ReactNode }): ReactNode {
  return (
    <dl aria-label={props.label} className="flex h-76 shrink-0 border-b border-hairline max-wide:h-64">
      {props.children}
    </dl>
  );
}
