import { History, Play } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { dollars } from '../../../../src-shared/routing/money.ts';
import { shortModel } from '../../../../src-shared/routing-editor/model-words.ts';
import type { PreviewBasis } from '../../../../src-shared/routing-editor/preview.ts';
import type { ReplayReport, ReplaySide } from '../../../../src-shared/routing-editor/replay-draft.ts';
import { call } from '../../../data/queries.ts';
import { Button } from '../../../ui/button.tsx';
import { count, moment, percent, plural } from '../../../ui/format.ts';
import { Select, type SelectOption } from '../../../ui/select.tsx';
import { Empty } from '../../../ui/states.tsx';
import { toastError } from '../../../ui/toast.tsx';
import { ModelDot } from '../pictures/model-dot.tsx';
import { draftReader } from '../state/draft-actions.ts';
import { hueOf } from '../state/model-hues.ts';

type Amount = '500' | '5000' | '100000';
const AMOUNTS: readonly SelectOption<Amount>[] = [
  { value: '500', label: 'Last 500 calls' },
  { value: '5000', label: 'Last 5,000 calls' },
  { value: '100000', label: 'Last 100,000 calls' },
];

/** Real calls run through the edited routing: where they would have gone and what that would have cost. */
export function ReplayPane({ basis }: { basis: PreviewBasis }): ReactNode {
  const [amount, setAmount] = useState<Amount>('500');
  const [share, setShare] = useState<number>();
  const [report, setReport] = useState<ReplayReport>();
  const run = async () => {
    setShare(0);
    try {
      const { calls } = await call('routing.history', { limit: Number(amount) });
      const { prices } = await call('routing.lookup', { models: modelsIn(basis), keys: [] });
      draftReader().replay(
        { calls, document: basis.document, known: { prices } },
        {
          progress: setShare,
          done: (next) => {
            setReport(next);
            setShare(undefined);
          },
        },
      );
    } catch (error) {
      setShare(undefined);
      toastError('The calls were not replayed', error);
    }
  };
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex shrink-0 items-center gap-8 px-16 pb-12">
        <Select<Amount>
          size="filter"
          label="How many calls"
          value={amount}
          onChange={setAmount}
          options={AMOUNTS}
        />
        <Button
          size="small"
          icon={Play}
          className="ml-auto"
          busy={share !== undefined}
          busyLabel={`${percent(share ?? 0)}`}
          onClick={() => void run()}
        >
          Replay
        </Button>
      </div>
      {report === undefined ? (
        <Empty
          icon={History}
          title="What would have happened?"
          text="Real calls of this machine go through the routing as it stands here, from its first position. Nothing is called."
        />
      ) : report.calls === 0 ? (
        <Empty
          icon={History}
          title="No calls yet"
          text="The usage log of this machine has no calls of the last 60 days."
        />
      ) : (
        <Report report={report} />
      )}
    </div>
  );
}

function modelsIn({ document }: PreviewBasis): string[] {
  const plans = document.agents.flatMap(({ plan }) => [...plan.models, ...plan.fallbackModels]);
  return [...new Set(plans.map(({ name }) => name))].slice(0, 500);
}

function Report({ report }: { report: ReplayReport }): ReactNode {
  const { was, would, calls, moved, refused, left } = report;
  const saved = was.usd - would.usd;
  return (
    <div className="min-h-0 flex-1 overflow-y-auto border-t border-hairline">
      <dl className="grid grid-cols-2 gap-12 px-16 py-12">
        <Figure title="It cost" usd={was.usd} unpriced={was.unpriced} />
        <Figure title="It would have cost" usd={would.usd} unpriced={would.unpriced} />
      </dl>
      <p className="px-16 pb-12 text-body text-1">
        {moved === 0
          ? `All ${count(calls)} calls would have gone where they went.`
          : `${count(moved)} of ${count(calls)} calls would have gone elsewhere. `}
        {moved > 0 &&
          (Math.abs(saved) < 0.005
            ? 'The cost is the same.'
            : `${dollars(Math.abs(saved))} ${saved > 0 ? 'less' : 'more'}.`)}
        {refused > 0 && ` ${plural(refused, 'call')} would have found no model.`}
        {left > 0 && ` ${plural(left, 'call')} of agents that are not here were left out.`}
      </p>
      <Models title="It went to" side={was} />
      <Models title="It would have gone to" side={would} />
      {report.examples.length > 0 && (
        <h3 className="px-16 pt-12 pb-4 text-small font-semibold text-1">The newest that differ</h3>
      )}
      <ul>
        {report.examples.slice(0, 50).map((each) => (
          <li
            key={`${each.time} ${each.agent} ${each.was}`}
            className="grid grid-cols-[44px_minmax(0,1fr)_52px] items-center gap-8 px-16 py-4 text-small text-2"
          >
            <span className="figures text-3">{moment(each.time, Date.now())}</span>
            <span className="truncate" title={`${each.agent}, ${each.was}`}>
              {shortModel(each.was)} → {each.would === undefined ? 'no model' : shortModel(each.would)}
            </span>
            <span className="figures text-right text-3">
              {each.wouldUsd === undefined ? '' : dollars(each.wouldUsd)}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Figure({ title, usd, unpriced }: { title: string; usd: number; unpriced: number }): ReactNode {
  return (
    <div className="flex flex-col">
      <dt className="text-small text-3">{title}</dt>
      <dd className="figures text-figure-small text-1">{dollars(usd)}</dd>
      {unpriced > 0 && <dd className="text-small text-3">{count(unpriced)} without a price</dd>}
    </div>
  );
}

function Models({ title, side }: { title: string; side: ReplaySide }): ReactNode {
  const all = side.models.reduce((sum, { calls }) => sum + calls, 0);
  return (
    <section aria-label={title} className="flex flex-col gap-6 px-16 pb-12">
      <h3 className="text-small text-3">{title}</h3>
      <div className="flex h-8 gap-1 overflow-hidden rounded-bar">
        {side.models.map(({ model, calls }) => (
          <span key={model} style={{ flex: calls, backgroundColor: hueOf(model) }} />
        ))}
      </div>
      {side.models.slice(0, 5).map(({ model, calls }) => (
        <span key={model} className="flex items-center gap-8 text-small text-2">
          <ModelDot model={model} size={8} />
          <span className="flex-1 truncate">{shortModel(model)}</span>
          <span className="figures text-3">
            {count(calls)} · {percent(all === 0 ? 0 : calls / all)}
          </span>
        </span>
      ))}
    </section>
  );
}
