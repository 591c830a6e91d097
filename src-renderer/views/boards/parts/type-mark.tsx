import type { ReactNode } from 'react';
import { Icon } from '../../../ui/icon.tsx';
import { readableWord, typeIcon } from '../logic/words.ts';

/** The icon of a type of task; a bug is red. */
export function TypeMark({ type, named = false }: { type: string; named?: boolean }): ReactNode {
  const words = named ? {} : { role: 'img', 'aria-label': readableWord(type), title: readableWord(type) };
  return (
    <span {...words} className={type === 'bug' ? 'inline-flex text-fail' : 'inline-flex text-3'}>
      <Icon icon={typeIcon(type)} size={13} />
    </span>
  );
}
