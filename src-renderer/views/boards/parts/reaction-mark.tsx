import { Brain, Eye, Heart, PartyPopper, Rocket, ThumbsDown, ThumbsUp } from 'lucide-react';
import type { ReactNode } from 'react';
import { Icon, type IconType } from '../../../ui/icon.tsx';

const ICONS: Readonly<Record<string, IconType>> = {
  thumbs_up: ThumbsUp,
  thumbsup: ThumbsUp,
  thumbs_down: ThumbsDown,
  heart: Heart,
  eyes: Eye,
  tada: PartyPopper,
  rocket: Rocket,
  thinking: Brain,
};

/** The reactions that are offered; boards may hold others. */
export const OFFERED_REACTIONS = ['thumbs_up', 'heart', 'eyes', 'tada', 'rocket', 'thinking'] as const;

/** The icon of a reaction; undefined for one that only has a name. */
export function reactionIcon(emoji: string): IconType | undefined {
  return ICONS[emoji];
}

/** A reaction as an icon, or by its name. */
export function ReactionMark({ emoji }: { emoji: string }): ReactNode {
  const icon = reactionIcon(emoji);
  return icon === undefined ? emoji : <Icon icon={icon} size={12} />;
}
