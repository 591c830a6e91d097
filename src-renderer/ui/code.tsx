import type { ReactNode } from 'react';
import { CopyButton } from './copy-button.tsx';
import { cx } from './cx.ts';

/** A path, an address or a word of code inside a line. */
export function Code({ children, className }: { children: ReactNode; className?: string }): ReactNode {
  return <code className={cx('takeable font-mono text-mono text-1', className)}>{children}</code>;
}

/** A command to take along, with its copy button. */
export function CommandLine({ command }: { command: string }): ReactNode {
  return (
    <div className="flex min-h-32 items-center gap-8 rounded-control border border-border bg-inset pr-4 pl-10">
      <code className="takeable min-w-0 flex-1 py-6 font-mono text-mono wrap-anywhere text-1">{command}</code>
      <CopyButton text={command} label="Copy the command" size={24} />
    </div>
  );
}
