import { ChevronRight, Cpu } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ModelCall } from '../../../src-shared/protocol/activity.ts';
import { dollars } from '../../../src-shared/views/activity-words.ts';
import { cx } from '../../ui/cx.ts';
import { count, duration, plural } from '../../ui/format.ts';
import { Glyph } from '../../ui/glyph.tsx';
import { Icon } from '../../ui/icon.tsx';
import { STATUSES, type Status } from '../../ui/status.ts';

const STATUS: Record<ModelCall['status'], Status> = {
  running: 'running',
  ok: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
};

/** The figures of a call as far as they are known. */
function callFigures(call: ModelCall): string[] {
  const about = call.estimated === true ? 'about ' : '';
  return [
    call.passed_over.length === 0 ? undefined : `after ${plural(call.passed_over.length, 'other')}`,
    call.input_tokens === undefined ? undefined : `${count(call.input_tokens)} in`,
    call.output_tokens === undefined ? undefined : `${count(call.output_tokens)} out`,
    call.usd === undefined ? undefined : about + dollars(call.usd),
    call.duration_ms === undefined ? undefined : duration(call.duration_ms),
  ].filter((part) => part !== undefined);
}

function Fact({ name, children }: { name: string; children: ReactNode }): ReactNode {
  return (
    <div className="flex gap-8">
      <dt className="w-88 shrink-0 text-3">{name}</dt>
      <dd className="takeable min-w-0 wrap-anywhere text-2">{children}</dd>
    </div>
  );
}

export interface ModelCallItemProps {
  call: ModelCall;
  open: boolean;
  onToggle(): void;
}

/** One call of a model: which, what it took, and below why this one and not another. */
export function ModelCallItem({ call, open, onToggle }: ModelCallItemProps): ReactNode {
  const status = STATUS[call.status];
  return (
    <div>
      <button
        type="button"
        aria-expanded={open}
        onClick={onToggle}
        className="flex h-26 w-full items-center gap-8 rounded-control px-10 text-left text-small text-3 -outline-offset-2 hover:bg-hover"
      >
        <Icon icon={Cpu} size={14} />
        <span className="max-w-[50%] shrink-0 truncate font-mono text-mono-small text-2">{call.model}</span>
        <span className="ml-auto flex min-w-0 items-center gap-6">
          <span className="figures truncate">{callFigures(call).join(' · ')}</span>
          <Glyph status={status} size={12} label={STATUSES[status].word} />
          <Icon
            icon={ChevronRight}
            size={12}
            className={cx('transition-transform duration-120', open && 'rotate-90')}
          />
        </span>
      </button>
      {open && (
        <dl className="flex flex-col gap-2 py-4 pr-10 pl-32 text-small">
          <Fact name="Why">{call.reason}</Fact>
          {call.passed_over.map(({ model, reason }) => (
            <Fact key={`${model} ${reason}`} name="Passed over">
              <span className="font-mono text-mono-small">{model}</span>: {reason}
            </Fact>
          ))}
          {call.first_token_ms !== undefined && (
            <Fact name="First token">{duration(call.first_token_ms)}</Fact>
          )}
          {call.cache_read_tokens !== undefined && call.cache_read_tokens > 0 && (
            <Fact name="From cache">{plural(call.cache_read_tokens, 'token')}</Fact>
          )}
          {call.estimated === true && (
            <Fact name="Figures">Counted here, because the provider told none.</Fact>
          )}
          {call.error !== undefined && (
            <Fact name="Error">
              <span className="text-fail">{call.error.message}</span> {call.error.hint}
            </Fact>
          )}
        </dl>
      )}
    </div>
  );
}
