import { useNavigate } from '@tanstack/react-router';
import { Activity, Bot, CircleStop, MoveRight } from 'lucide-react';
import { type ReactNode, useMemo, useState } from 'react';
import { billWords } from '../../../../src-shared/views/bill.ts';
import type { BoardView, CardRun, TaskDetail } from '../../../../src-shared/views/board.ts';
import type { WorkView } from '../../../../src-shared/views/work.ts';
import { useLive } from '../../../data/live.ts';
import { useAction } from '../../../data/queries.ts';
import { plainText } from '../../../ui/ansi.ts';
import { Button } from '../../../ui/button.tsx';
import { cx } from '../../../ui/cx.ts';
import { percent } from '../../../ui/format.ts';
import { Glyph } from '../../../ui/glyph.tsx';
import { Progress } from '../../../ui/meter.tsx';
import { Elapsed, Time } from '../../../ui/time.tsx';
import { toastError } from '../../../ui/toast.tsx';
import { OutputReader } from '../../work/detail/output-lines.ts';
import { asks, progressWords, stateOf } from '../../work/words.ts';
import { setBoardState } from '../board-state.ts';
import { RunCost } from '../parts/run-cost.tsx';
import { useCardWork } from '../use-board.ts';
import { RunQuestion } from './run-question.tsx';

/** Lines of the output that stand in the box; the rest is in the work itself. */
const TAIL = 3;

function Tail({ workId }: { workId: string }): ReactNode {
  const { items } = useLive('work.output', { id: workId });
  const [reader] = useState(() => new OutputReader());
  const lines = useMemo(() => reader.read(items).lines.slice(-TAIL), [reader, items]);
  if (lines.length === 0) return null;
  return (
    <div className="border-y border-run-line/60 bg-inset px-12 py-8 font-mono text-mono-small text-2">
      {lines.map((line) => (
        <p key={line.key} className="truncate">
          {plainText(line.text)}
        </p>
      ))}
    </div>
  );
}

function title(work: WorkView): string {
  const { word } = stateOf(work);
  return work.station_name === undefined ? word : `${word} on ${work.station_name}`;
}

function LiveRun({ work }: { work: WorkView }): ReactNode {
  const navigate = useNavigate();
  const { mutate, isPending } = useAction('work.cancel');
  const said = stateOf(work);
  const waiting = work.status === 'escalated';
  const step = work.progress === undefined ? '' : progressWords(work.progress);
  const cancel = () =>
    mutate(
      { id: work.id, reason: 'Cancelled on its card.' },
      { onError: (error) => toastError('The run was not cancelled', error) },
    );
  return (
    <section
      aria-label="Live run"
      className={cx(
        'flex flex-col overflow-hidden rounded-card border',
        waiting ? 'border-ask-line bg-ask-subtle/60' : 'border-run-line bg-run-subtle/45',
      )}
    >
      <div className="flex flex-col gap-8 px-12 py-10">
        <div className="flex items-center gap-8">
          <Glyph status={said.status} size={14} percent={work.progress?.percent} />
          <span className="min-w-0 flex-1 truncate text-body font-semibold text-1">{title(work)}</span>
          <span className="shrink-0 text-small text-2">
            <RunCost workId={work.id} after=" · " />
            <Elapsed from={work.started_at ?? work.created_at} />
          </span>
        </div>
        {work.progress?.percent !== undefined && (
          <div className="flex items-center gap-10">
            <Progress label="Done" percent={work.progress.percent} className="min-w-0 flex-1" />
            <span className="figures shrink-0 text-small text-1">{percent(work.progress.percent / 100)}</span>
          </div>
        )}
        {step !== '' && <p className="truncate text-small text-2">{step}</p>}
        {waiting && work.waits !== undefined && <RunQuestion work={work} waits={work.waits} />}
      </div>
      <Tail workId={work.id} />
      <div className="flex items-center gap-8 px-12 py-8">
        <Button
          size="small"
          icon={Activity}
          onClick={() => void navigate({ to: '/work/$workId', params: { workId: work.id } })}
        >
          Open run
        </Button>
        <Button
          size="small"
          icon={CircleStop}
          busy={isPending}
          disabledReason={work.cancelling === true ? 'It is being cancelled.' : undefined}
          onClick={cancel}
        >
          Cancel
        </Button>
        {!asks(work) && <span className="ml-auto truncate text-small text-2">Result becomes a comment</span>}
      </div>
    </section>
  );
}

function PastRun({ run }: { run: CardRun }): ReactNode {
  const navigate = useNavigate();
  const work = useCardWork(run.work_id);
  const said = work === undefined ? undefined : stateOf(work);
  return (
    <button
      type="button"
      onClick={() => void navigate({ to: '/work/$workId', params: { workId: run.work_id } })}
      className="flex h-28 items-center gap-8 rounded-control px-8 text-left text-small hover:bg-hover"
    >
      <Glyph status={said?.status ?? 'expired'} size={12} label={said?.word ?? run.outcome ?? 'Unknown'} />
      <span className="min-w-0 flex-1 truncate text-1">
        {run.agent}
        <span className="text-3">
          {work?.station_name === undefined ? '' : ` on ${work.station_name}`},{' '}
          {said?.word.toLowerCase() ?? run.outcome}
          {run.cost !== undefined && `, ${billWords(run.cost)}`}
        </span>
      </span>
      <span className="shrink-0 text-3">
        <Time at={run.at} />
      </span>
    </button>
  );
}

/** Which rule keeps the card of a run where it is, and what a person can do. */
function Kept(props: { board: BoardView; detail: TaskDetail; reason: string }): ReactNode {
  const { board, detail, reason } = props;
  const { id, status } = detail.card;
  const here = board.columns.find((column) => column.status === status)?.name ?? status;
  return (
    <section
      aria-label="Kept back"
      className="flex flex-col gap-6 rounded-card border border-ask-line bg-ask-subtle/60 px-12 py-10"
    >
      <p className="text-body text-1">
        The run did not move the card: the rules of the board keep it in {here}. {reason}
      </p>
      <div>
        <Button
          size="small"
          icon={MoveRight}
          disabledReason={board.read_only}
          onClick={() => setBoardState({ cursor: id, picking: 'move' })}
        >
          Move it yourself
        </Button>
      </div>
    </section>
  );
}

/** The works that a task was given as: the live one in full, older ones in a line each, and the way to the next. */
export function Runs({ board, detail }: { board: BoardView; detail: TaskDetail }): ReactNode {
  const newest = detail.runs.at(-1);
  const work = useCardWork(newest?.work_id);
  const live = work !== undefined && work.ended_at === undefined ? work : undefined;
  const past = live === undefined ? detail.runs : detail.runs.slice(0, -1);
  return (
    <>
      {live !== undefined && <LiveRun work={live} />}
      {newest?.kept !== undefined && <Kept board={board} detail={detail} reason={newest.kept} />}
      {live === undefined && board.read_only === undefined && (
        <div>
          <Button
            size="small"
            icon={Bot}
            shortcut="G"
            onClick={() => setBoardState({ cursor: detail.card.id, picking: 'run' })}
          >
            {detail.runs.length === 0 ? 'Run on an agent' : 'Run again'}
          </Button>
        </div>
      )}
      {past.length > 0 && (
        <div className="-mx-8 flex flex-col">
          {past
            .toReversed()
            .slice(0, 5)
            .map((run) => (
              <PastRun key={run.work_id} run={run} />
            ))}
        </div>
      )}
    </>
  );
}
