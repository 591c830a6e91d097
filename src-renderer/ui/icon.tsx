import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';

export type IconType = LucideIcon;
export type IconSize = 12 | 13 | 14 | 16 | 24;

function strokeOf(size: IconSize): number {
  if (size === 24) return 1.5;
  return size === 16 ? 1.75 : 2;
}

/** A lucide icon with the stroke that fits its size, in the text colour of its line. */
export function Icon(props: { icon: IconType; size?: IconSize; className?: string | undefined }): ReactNode {
  const { icon: Shape, size = 14, className } = props;
  return <Shape size={size} strokeWidth={strokeOf(size)} aria-hidden className={cx('shrink-0', className)} />;
}
