import type { ReactNode } from 'react';

/** A sentence of the schema; what stands in backticks is shown as code. */
export function HelpWords({ text }: { text: string | undefined }): ReactNode {
  if (text === undefined) return null;
  const parts = text.split('`');
  return [...parts.keys()].map((place) =>
    place % 2 === 0 ? (
      parts[place]
    ) : (
      <code key={place} className="font-mono">
        {parts[place]}
      </code>
    ),
  );
}
