import { Lock } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Origin } from '../../../src-shared/views/settings.ts';
import { Icon } from '../../ui/icon.tsx';

/** Whether a value is decided outside of the window. */
export function isLocked(origin: Origin | undefined): boolean {
  return origin === 'flag' || origin === 'environment';
}

const WORDS: Record<Origin, string> = {
  flag: 'Set by a flag at the start. Start without it to change it here.',
  environment: 'Set by the environment. Start without the variable to change it here.',
  file: 'From config.yaml.',
  default: 'This is the default.',
};

/** Where a value came from, and what it means. */
export function OriginNote({
  origin,
  children,
}: {
  origin: Origin | undefined;
  children?: ReactNode;
}): ReactNode {
  return (
    <span className="inline-flex items-start gap-6">
      {isLocked(origin) && <Icon icon={Lock} size={12} className="mt-2" />}
      <span>
        {children} {origin !== undefined && WORDS[origin]}
      </span>
    </span>
  );
}
