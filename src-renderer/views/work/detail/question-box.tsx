import { type ReactNode, useCallback, useMemo, useState } from 'react';
import type { Escalation, WorkQuestion } from '../../../../src-shared/protocol/work.ts';
import { type Command, useCommands } from '../../../app/commands.ts';
import { useAction } from '../../../data/queries.ts';
import { Button } from '../../../ui/button.tsx';
import { Glyph } from '../../../ui/glyph.tsx';
import { useNow } from '../../../ui/now.ts';
import { Time } from '../../../ui/time.tsx';
import { toastError } from '../../../ui/toast.tsx';
import { fileDiff } from '../../activity/diff-lines.ts';
import { DiffView } from '../../activity/diff-view.tsx';
import type { Tool } from '../../activity/stream-items.ts';
import { asksAgain } from '../escalation.ts';
import { askedOf, asksPermission } from './permission.ts';

/** Choices that have a key of their own. */
const KEYS = 9;

export interface Answering {
  /** The answer on its way, until the work says that it came. */
  sent: string | undefined;
  answer(text: string): void;
}

/** Answers the question of a work once. */
export function useAnswering(workId: string, questionId: string | undefined): Answering {
  const { mutate, isPending, variables, isSuccess } = useAction('work.answer');
  const mine = variables?.id === workId && variables.question_id === questionId;
  const sent = mine && (isPending || isSuccess) ? variables.answer : undefined;
  const answer = useCallback(
    (text: string) => {
      if (sent !== undefined || text.trim() === '') return;
      mutate(
        { id: workId, answer: text, ...(questionId === undefined ? {} : { question_id: questionId }) },
        { onError: (error) => toastError('The answer did not arrive', error) },
      );
    },
    [mutate, sent, workId, questionId],
  );
  return { sent, answer };
}

function FreeAnswer({ answering, alone }: { answering: Answering; alone: boolean }): ReactNode {
  const [text, setText] = useState('');
  const send = () => answering.answer(text);
  return (
    <span className="flex min-w-200 flex-1 gap-8">
      <input
        type="text"
        aria-label="Answer in your own words"
        placeholder={alone ? 'Answer in your own words' : 'Or answer in your own words'}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.nativeEvent.isComposing) send();
        }}
        className="h-28 min-w-0 flex-1 rounded-control border border-control bg-page px-10 text-body text-1 select-text"
      />
      {text.trim() !== '' && (
        <Button
          variant={alone ? 'main' : 'outlined'}
          busy={answering.sent !== undefined}
          busyLabel="Sending"
          onClick={send}
        >
          Send
        </Button>
      )}
    </span>
  );
}

function useChoiceKeys(choices: readonly string[], answering: Answering): void {
  const { answer } = answering;
  const commands = useMemo<readonly Command[]>(
    () =>
      choices.slice(0, KEYS).map((choice, index) => ({
        id: `work.answer-${index + 1}`,
        title: `Answer: ${choice}`,
        group: 'Work',
        shortcut: String(index + 1),
        run: () => answer(choice),
      })),
    [choices, answer],
  );
  useCommands(commands);
}

/** What would change in which file. */
function AskedDiffs({ diffs }: { diffs: NonNullable<Tool['diffs']> }): ReactNode {
  const shown = useMemo(
    () => diffs.map(({ path, before, after }) => ({ path, diff: fileDiff(before, after) })),
    [diffs],
  );
  return (
    <div className="mt-6 flex max-h-240 flex-col gap-6 overflow-y-auto">
      {shown.map(({ path, diff }) => (
        <DiffView key={path} path={path} diff={diff} />
      ))}
    </div>
  );
}

export interface QuestionBoxProps {
  workId: string;
  question: WorkQuestion;
  escalation: Escalation;
  /** The tool call that waits for the answer, when the question asks for permission. */
  tool?: Tool | undefined;
}

/** A question of an agent, answered in place and once. */
export function QuestionBox({ workId, question, escalation, tool }: QuestionBoxProps): ReactNode {
  const answering = useAnswering(workId, question.id);
  useChoiceKeys(question.choices, answering);
  const now = useNow();
  const permission = asksPermission(question);
  const asked = permission ? askedOf(question.text, tool) : { title: question.text, code: undefined };
  const [first = '', ...rest] = asked.title.split('\n');
  const more = rest.join('\n').trim();
  const again = asksAgain(escalation, now);
  return (
    <section
      aria-label="Question"
      className="mx-20 mb-12 shrink-0 rounded-card border border-ask-line bg-ask-subtle/60 px-14 py-12 max-wide:mx-16"
    >
      <div className="flex items-start gap-10">
        <Glyph status="escalated" size={14} className="mt-3" />
        <div className="min-w-0 flex-1">
          <div className="flex items-baseline gap-12">
            <p className="takeable min-w-0 flex-1 text-body font-semibold wrap-anywhere text-1">{first}</p>
            <span className="shrink-0 text-small text-2">
              Waits <Time at={escalation.since} as="age" />
              {again !== undefined && `, asks again in ${again}`}
            </span>
          </div>
          {more !== '' && (
            <p className="takeable mt-4 max-h-120 overflow-y-auto text-body whitespace-pre-wrap wrap-anywhere text-2">
              {more}
            </p>
          )}
          {asked.code !== undefined && (
            <pre className="takeable mt-6 max-h-160 overflow-auto rounded-control border border-hairline bg-inset px-10 py-6 font-mono text-mono whitespace-pre-wrap wrap-anywhere text-1">
              {asked.code}
            </pre>
          )}
          {permission && tool?.diffs !== undefined && <AskedDiffs diffs={tool.diffs} />}
          <div className="mt-8 flex flex-wrap gap-8">
            {question.choices.map((choice, index) => (
              <Button
                key={choice}
                variant={index === 0 ? 'main' : 'outlined'}
                shortcut={index < KEYS ? String(index + 1) : undefined}
                busy={answering.sent === choice}
                busyLabel="Sending"
                disabledReason={
                  answering.sent === undefined || answering.sent === choice
                    ? undefined
                    : 'Another answer is on its way.'
                }
                onClick={() => answering.answer(choice)}
                className="max-w-360"
              >
                {choice}
              </Button>
            ))}
            {!permission && <FreeAnswer answering={answering} alone={question.choices.length === 0} />}
          </div>
        </div>
      </div>
    </section>
  );
}
