import { GitBranch, Paperclip, Plus, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { BoardView, RelationView, TaskDetail } from '../../../../src-shared/views/board.ts';
import { listOf, useLive } from '../../../data/live.ts';
import { call, useAction } from '../../../data/queries.ts';
import { Button } from '../../../ui/button.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { Select } from '../../../ui/select.tsx';
import { toastError } from '../../../ui/toast.tsx';
import { RELATIONS, relationWords } from '../logic/words.ts';
import { focusFirst } from '../parts/focus-first.ts';
import { PhaseMark } from '../parts/phase-mark.tsx';
import { Attach } from './attach.tsx';

function AddRelation({ board, task, onDone }: { board: BoardView; task: string; onDone(): void }): ReactNode {
  const { items } = useLive('board.watch', { board: board.id });
  const [type, setType] = useState('depends_on');
  const [text, setText] = useState('');
  const { mutate, isPending, error } = useAction('board.link');
  const wanted = text.trim().toUpperCase();
  const target = listOf(items).find((card) => card.short_id === wanted);
  const link = () => {
    if (target === undefined || isPending) return;
    mutate({ board: board.id, task, type, target: target.id }, { onSuccess: onDone });
  };
  return (
    <form
      className="flex flex-col gap-6 rounded-card border border-border p-10"
      onSubmit={(event) => {
        event.preventDefault();
        link();
      }}
    >
      <div className="flex items-center gap-6">
        <Select
          label="Kind of relation"
          size="filter"
          value={type}
          onChange={setType}
          options={Object.entries(RELATIONS).map(([value, words]) => ({ value, label: words.out }))}
        />
        <input
          type="text"
          ref={focusFirst}
          aria-label="Id of the other task"
          placeholder={`${board.code ?? 'LAT'}-12`}
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="h-24 min-w-0 flex-1 rounded-control border border-control bg-page px-8 font-mono text-mono text-1 select-text"
        />
        <Button
          size="small"
          variant="main"
          type="submit"
          busy={isPending}
          disabledReason={target === undefined ? 'No task of this board has that id.' : undefined}
        >
          Link
        </Button>
        <Button size="small" variant="plain" onClick={onDone}>
          Close
        </Button>
      </div>
      <p className={error === null ? 'truncate text-small text-3' : 'text-small text-fail'} role="status">
        {error === null
          ? (target?.title ?? 'Type the id of a task on this board.')
          : `${error.message} ${error.hint ?? ''}`}
      </p>
    </form>
  );
}

function Line(props: {
  board: BoardView;
  task: string;
  relation: RelationView;
  onOpen(task: string): void;
}): ReactNode {
  const { board, task, relation, onOpen } = props;
  const column = board.columns.find(({ status }) => status === relation.status);
  const unlink = () =>
    void call('board.unlink', { board: board.id, task, type: relation.type, target: relation.task_id }).catch(
      (error: unknown) => toastError('The relation was not removed', error),
    );
  return (
    <li className="group/relation flex min-h-32 items-center gap-8 rounded-control px-8 hover:bg-hover">
      <span className="w-88 shrink-0 text-small text-3">
        {relationWords(relation.type, relation.direction)}
      </span>
      <PhaseMark column={column} label={column?.name ?? relation.status} />
      <button
        type="button"
        onClick={() => onOpen(relation.task_id)}
        title={relation.note}
        className="flex min-w-0 flex-1 items-center gap-8 rounded-hint text-left"
      >
        <span className="shrink-0 font-mono text-mono-small text-3">{relation.short_id}</span>
        <span className="truncate text-body text-1">{relation.title}</span>
      </button>
      {relation.direction === 'out' && board.read_only === undefined && (
        <IconButton
          icon={X}
          label={`Remove the relation to ${relation.short_id}`}
          size={20}
          onClick={unlink}
          className="opacity-0 group-hover/relation:opacity-100 focus-visible:opacity-100"
        />
      )}
    </li>
  );
}

/** What a task has to do with others, its branches and what is attached to it. */
export function Relations(props: {
  board: BoardView;
  detail: TaskDetail;
  onOpen(task: string): void;
}): ReactNode {
  const { board, detail, onOpen } = props;
  const [adding, setAdding] = useState(false);
  const { relations, branches, artifacts, card } = detail;
  return (
    <div className="flex flex-col gap-10 px-16 py-12">
      {relations.length + branches.length + artifacts.length === 0 && (
        <p className="text-body text-3">It stands alone. Link it to what it waits for or belongs to.</p>
      )}
      <ul className="-mx-8 flex flex-col">
        {relations.map((relation) => (
          <Line
            key={`${relation.direction}${relation.type}${relation.task_id}`}
            board={board}
            task={card.id}
            relation={relation}
            onOpen={onOpen}
          />
        ))}
        {branches.map(({ branch, repo }) => (
          <li key={`${repo} ${branch}`} className="flex min-h-32 items-center gap-8 px-8">
            <span className="w-88 shrink-0 text-small text-3">Branch</span>
            <Icon icon={GitBranch} size={12} className="text-3" />
            <code className="takeable truncate text-mono text-1">{branch}</code>
            {repo !== undefined && <span className="truncate text-small text-3">{repo}</span>}
          </li>
        ))}
        {artifacts.map((artifact) => (
          <li key={artifact.id} className="flex min-h-32 items-center gap-8 px-8">
            <span className="w-88 shrink-0 text-small text-3">Attached</span>
            <Icon icon={Paperclip} size={12} className="text-3" />
            <span className="takeable truncate text-body text-1">{artifact.title}</span>
            <span className="shrink-0 text-small text-3">{artifact.role ?? artifact.type}</span>
          </li>
        ))}
      </ul>
      {adding ? (
        <AddRelation board={board} task={card.id} onDone={() => setAdding(false)} />
      ) : (
        board.read_only === undefined && (
          <div className="flex gap-6">
            <Button size="small" icon={Plus} onClick={() => setAdding(true)}>
              Link
            </Button>
            <Attach board={board} task={card.id} />
          </div>
        )
      )}
    </div>
  );
}
