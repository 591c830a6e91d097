import {
  BotOff,
  GitCompareArrows,
  PackageCheck,
  PackagePlus,
  PenLine,
  Plug,
  ShieldX,
  Unplug,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { MeshEvent } from '../../../src-shared/views/mesh.ts';
import { Glyph } from '../../ui/glyph.tsx';
import { Icon, type IconType } from '../../ui/icon.tsx';
import { type Status, TONE_TEXT, type Tone } from '../../ui/status.ts';
import { EVENT_KINDS } from './event-facts.ts';

const MARKS: Readonly<Record<MeshEvent['kind'], { status: Status } | { icon: IconType; tone?: Tone }>> = {
  'station.joined': { status: 'online' },
  'station.returned': { status: 'online' },
  'station.late': { status: 'late' },
  'station.offline': { status: 'offline' },
  'station.left': { status: 'cancelled' },
  'station.renamed': { icon: PenLine },
  'agent.registered': { icon: PackagePlus },
  'agent.changed': { icon: PackageCheck },
  'agent.deregistered': { icon: BotOff },
  'agent.conflict': { icon: GitCompareArrows, tone: 'late' },
  'message.refused': { icon: ShieldX, tone: 'fail' },
  'connection.lost': { icon: Unplug, tone: 'fail' },
  'connection.restored': { icon: Plug, tone: 'good' },
};

/** The shape of a kind of event; `named` says it to a screen reader where no word stands beside it. */
export function EventMark({ kind, named = true }: { kind: MeshEvent['kind']; named?: boolean }): ReactNode {
  const mark = MARKS[kind];
  const label = named ? EVENT_KINDS[kind].word : undefined;
  if ('status' in mark) return <Glyph status={mark.status} size={14} label={label} />;
  const colour = mark.tone === undefined ? 'text-3' : TONE_TEXT[mark.tone];
  return (
    <span className={`inline-flex ${colour}`}>
      <Icon icon={mark.icon} size={14} />
      {label !== undefined && <span className="sr-only">{label}</span>}
    </span>
  );
}
