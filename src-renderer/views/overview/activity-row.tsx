import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { percent } from '../../ui/format.ts';
import { Glyph } from '../../ui/glyph.tsx';
import { Progress } from '../../ui/meter.tsx';
import { Time } from '../../ui/time.tsx';
import type { Activity } from './activity.ts';

const LINK_CLASS =
  'flex h-row-two items-start gap-10 border-b border-hairline px-16 pt-7 -outline-offset-2 transition-colors duration-80 hover:bg-hover';

/** The way to the work, or to the sheet of the run. */
function Way({ activity, children }: { activity: Activity; children: ReactNode }): ReactNode {
  if (activity.kind === 'work')
    return (
      <Link to="/work/$workId" params={{ workId: activity.id }} className={LINK_CLASS}>
        {children}
      </Link>
    );
  return (
    <Link
      to="/agents/$agentName"
      params={{ agentName: activity.doer }}
      search={{ run: true }}
      className={LINK_CLASS}
    >
      {children}
    </Link>
  );
}

export interface ActivityRowProps {
  activity: Activity;
  /** Whether the station that has it is late. */
  late: boolean;
}

/** What runs in two lines: task and time, who and where, and how far it is. */
export function ActivityRow({ activity, late }: ActivityRowProps): ReactNode {
  const { task, doer, station_name: station, status, percent: done, ended_at: ended, error } = activity;
  return (
    <li>
      <Way activity={activity}>
        <Glyph status={status} percent={done} label={activity.word} size={14} className="mt-3" />
        <span className="min-w-0 flex-1">
          <span className="flex items-baseline gap-8">
            <span className="min-w-0 flex-1 truncate text-body leading-18 font-medium text-1" title={task}>
              {task}
            </span>
            <span className="shrink-0 text-small text-3">
              <Time at={ended ?? activity.since} as={ended === undefined ? 'age' : 'moment'} />
            </span>
          </span>
          <span className="flex h-18 items-center gap-8 text-small text-2">
            <span className="min-w-0 flex-1 truncate">
              {doer}
              {station !== undefined && (
                <>
                  {' '}
                  <span className="text-3">on</span> {station}
                </>
              )}
              {ended === undefined && late && <span className="text-late"> · late</span>}
              {error !== undefined && <span className="text-fail"> · {error}</span>}
            </span>
            {status === 'running' && done !== undefined && (
              <>
                <Progress label={task} percent={done} className="w-56" />
                <span className="figures w-32 text-right text-3">{percent(done / 100)}</span>
              </>
            )}
          </span>
        </span>
      </Way>
    </li>
  );
}
