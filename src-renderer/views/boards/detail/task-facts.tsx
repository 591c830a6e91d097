import type { ReactNode } from 'react';
import type { BoardView, TaskDetail } from '../../../../src-shared/views/board.ts';
import { Select, type SelectOption } from '../../../ui/select.tsx';
import { Tag } from '../../../ui/tag.tsx';
import { Time } from '../../../ui/time.tsx';
import { COMPLEXITY_OPTIONS, PRIORITY_OPTIONS, readableWord, URGENCY_OPTIONS } from '../logic/words.ts';
import { ActorMark, ActorName } from '../parts/actor-mark.tsx';
import { PhaseMark } from '../parts/phase-mark.tsx';
import { PriorityMark } from '../parts/priority-mark.tsx';
import { TypeMark } from '../parts/type-mark.tsx';
import type { TaskActions } from '../use-task-actions.ts';
import { assigneeOptions, NOBODY } from './assignees.ts';

function Line({ name, children }: { name: string; children: ReactNode }): ReactNode {
  return (
    <div className="flex min-h-24 min-w-0 items-center gap-8">
      <dt className="w-64 shrink-0 text-body text-3">{name}</dt>
      <dd className="flex min-w-0 flex-1 items-center text-body text-1">{children}</dd>
    </div>
  );
}

function Choice<T extends string>(props: {
  label: string;
  value: T;
  options: readonly SelectOption<T>[];
  readOnly: boolean;
  onChange(value: T): void;
}): ReactNode {
  const { label, value, options, readOnly, onChange } = props;
  const known = options.some((option) => option.value === value);
  const all = known ? options : [{ value, label: readableWord(value) }, ...options];
  return (
    <span className="-ml-8 min-w-0 [&>button]:border-transparent [&>button]:bg-transparent [&>button]:text-body [&>button]:font-normal [&>button]:text-1 [&>button]:hover:bg-hover [&>button>svg:last-child]:opacity-0 [&>button:hover>svg:last-child]:opacity-100 [&>button:focus-visible>svg:last-child]:opacity-100">
      <Select
        label={label}
        size="filter"
        value={value}
        options={all}
        disabled={readOnly}
        onChange={onChange}
      />
    </span>
  );
}

const UNSET = '';

/** The facts of a task, each changed in place; the ways its status can go say what the rules say. */
export function TaskFacts(props: { board: BoardView; detail: TaskDetail; actions: TaskActions }): ReactNode {
  const { board, detail, actions } = props;
  const { card } = detail;
  const readOnly = board.read_only !== undefined;
  const statuses = board.columns.map((column) => {
    const verdict = detail.moves.find((move) => move.status === column.status);
    return {
      value: column.status,
      label: column.name,
      lead: <PhaseMark column={column} />,
      ...(verdict?.allowed === false && column.status !== card.status
        ? { meta: verdict.can_force ? 'Needs a reason' : 'Not allowed' }
        : {}),
    };
  });
  const unset = { value: UNSET, label: 'Not set' };
  const orNull = (value: string) => (value === UNSET ? null : value);
  return (
    <dl className="grid grid-cols-2 gap-x-12 gap-y-2">
      <Line name="Status">
        <Choice
          label="Status"
          value={card.status}
          options={statuses}
          readOnly={readOnly}
          onChange={(to) => void actions.move(card, to, detail.moves)}
        />
      </Line>
      <Line name="Priority">
        <Choice
          label="Priority"
          value={card.priority}
          options={PRIORITY_OPTIONS.map((option) => ({
            ...option,
            value: option.value as string,
            lead: <PriorityMark priority={option.value} named />,
          }))}
          readOnly={readOnly}
          onChange={(priority) => void actions.update(card, { priority })}
        />
      </Line>
      <Line name="Assignee">
        <Choice
          label="Assignee"
          value={card.assignee?.key ?? NOBODY}
          options={assigneeOptions(board, card.assignee).map(({ actor, ...option }) => ({
            ...option,
            ...(actor === undefined ? {} : { lead: <ActorMark actor={actor} named /> }),
          }))}
          readOnly={readOnly}
          onChange={(key) => void actions.assign(card, key === NOBODY ? null : key)}
        />
      </Line>
      <Line name="Type">
        <Choice
          label="Type"
          value={card.type}
          options={board.types.map((type) => ({
            value: type,
            label: readableWord(type),
            lead: <TypeMark type={type} named />,
          }))}
          readOnly={readOnly}
          onChange={(type) => void actions.update(card, { type })}
        />
      </Line>
      <Line name="Urgency">
        <Choice
          label="Urgency"
          value={card.urgency ?? UNSET}
          options={[unset, ...URGENCY_OPTIONS]}
          readOnly={readOnly}
          onChange={(urgency) => void actions.update(card, { urgency: orNull(urgency) })}
        />
      </Line>
      <Line name="Size">
        <Choice
          label="Complexity"
          value={card.complexity ?? UNSET}
          options={[unset, ...COMPLEXITY_OPTIONS]}
          readOnly={readOnly}
          onChange={(complexity) => void actions.update(card, { complexity: orNull(complexity) })}
        />
      </Line>
      {detail.branches[0] !== undefined && (
        <Line name="Branch">
          <code title={detail.branches[0].branch} className="takeable truncate text-mono">
            {detail.branches[0].branch}
          </code>
        </Line>
      )}
      <Line name="Here">
        <Time at={card.since} as="age" />
      </Line>
      <Line name="From">
        <ActorName actor={detail.created_by} />
      </Line>
      {card.tags.length > 0 && (
        <div className="col-span-2 flex min-h-24 items-center gap-8">
          <dt className="w-64 shrink-0 text-body text-3">Tags</dt>
          <dd className="flex min-w-0 flex-wrap gap-4">
            {card.tags.map((tag) => (
              <Tag key={tag}>{tag}</Tag>
            ))}
          </dd>
        </div>
      )}
      {detail.custom_fields.map(({ name, value }) => (
        <Line key={name} name={readableWord(name)}>
          <span className="takeable truncate" title={value}>
            {value}
          </span>
        </Line>
      ))}
    </dl>
  );
}
