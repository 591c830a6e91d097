import { type ReactNode, useState } from 'react';
import type { WorkView } from '../../../../src-shared/views/work.ts';
import { useAction } from '../../../data/queries.ts';
import { Button } from '../../../ui/button.tsx';
import { toastError } from '../../../ui/toast.tsx';
import { useAnswering } from '../../work/detail/question-box.tsx';
import { asks } from '../../work/words.ts';

/** What a run waits for, answered on its card. */
export function RunQuestion(props: { work: WorkView; waits: NonNullable<WorkView['waits']> }): ReactNode {
  const { work, waits } = props;
  const { sent, answer } = useAnswering(work.id, waits.question_id);
  const { mutate, isPending } = useAction('work.retry');
  const [text, setText] = useState('');
  if (!asks(work))
    return (
      <>
        <p className="takeable text-body wrap-anywhere text-1">{waits.text}</p>
        <div>
          <Button
            size="small"
            busy={isPending}
            onClick={() =>
              mutate({ id: work.id }, { onError: (error) => toastError('The work was not retried', error) })
            }
          >
            Retry
          </Button>
        </div>
      </>
    );
  return (
    <>
      <p className="takeable max-h-120 overflow-y-auto text-body font-semibold whitespace-pre-wrap wrap-anywhere text-1">
        {waits.text}
      </p>
      <div className="flex flex-wrap gap-6">
        {waits.choices?.map((choice, index) => (
          <Button
            key={choice}
            size="small"
            variant={index === 0 ? 'main' : 'outlined'}
            busy={sent === choice}
            disabledReason={
              sent === undefined || sent === choice ? undefined : 'Another answer is on its way.'
            }
            onClick={() => answer(choice)}
            className="max-w-full"
          >
            {choice}
          </Button>
        ))}
        <input
          type="text"
          aria-label="Answer in your own words"
          placeholder="Answer in your own words"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.nativeEvent.isComposing) answer(text);
          }}
          className="h-24 min-w-120 flex-1 rounded-control border border-control bg-page px-8 text-small text-1 select-text"
        />
      </div>
    </>
  );
}
