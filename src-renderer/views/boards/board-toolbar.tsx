import { Popover } from '@base-ui/react/popover';
import { BookmarkPlus, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { BoardView } from '../../../src-shared/views/board.ts';
import { call } from '../../data/queries.ts';
import { Button } from '../../ui/button.tsx';
import { AddChip, Chip } from '../../ui/chip.tsx';
import { cx } from '../../ui/cx.ts';
import { Field } from '../../ui/field.tsx';
import { count, duration, plural } from '../../ui/format.ts';
import { Glyph } from '../../ui/glyph.tsx';
import { Icon } from '../../ui/icon.tsx';
import { FilterField, Input } from '../../ui/input.tsx';
import { FLOAT, POP } from '../../ui/layer.ts';
import { Toolbar } from '../../ui/page.tsx';
import { Select } from '../../ui/select.tsx';
import { toastError } from '../../ui/toast.tsx';
import {
  type CardFilter,
  type Flag,
  filterText,
  narrows,
  parseFilter,
  type Term,
  toggled,
  withTerm,
} from './logic/card-filter.ts';
import { PRIORITY_OPTIONS, readableWord } from './logic/words.ts';

interface FilterProps {
  board: BoardView;
  filter: CardFilter;
  onChange(filter: CardFilter): void;
}

const ANY = '';
const FLAG_WORDS: Readonly<Record<Exclude<Flag, 'live'>, string>> = {
  mine: 'Mine',
  unassigned: 'Nobody’s',
  blocked: 'Waiting for another',
  archived: 'Archived',
};

function Choice(
  props: FilterProps & { term: Term; label: string; options: readonly { value: string; label: string }[] },
): ReactNode {
  const { filter, onChange, term, label, options } = props;
  const value = filter.terms[term] ?? ANY;
  const known = value === ANY || options.some((option) => option.value === value);
  return (
    <Select
      label={label}
      size="filter"
      value={value}
      onChange={(next) => onChange(withTerm(filter, term, next === ANY ? undefined : next))}
      options={[{ value: ANY, label }, ...options, ...(known ? [] : [{ value, label: value }])]}
    />
  );
}

function Saved({ board, filter, onChange }: FilterProps): ReactNode {
  const [name, setName] = useState('');
  const save = (filters: BoardView['filters']) =>
    void call('boards.filters', { board: board.id, filters }).catch((error: unknown) =>
      toastError('The filters were not saved', error),
    );
  return (
    <div className="flex flex-col gap-8 border-t border-hairline pt-10">
      <p className="text-small font-medium text-2">Saved filters</p>
      {board.filters.map((saved) => (
        <div key={saved.name} className="flex items-center gap-6">
          <Chip
            on={filterText(filter) === saved.text}
            onClick={() => onChange(parseFilter(saved.text))}
            className="min-w-0 flex-1"
          >
            <span className="truncate">{saved.name}</span>
          </Chip>
          <Button
            size="small"
            variant="plain"
            aria-label={`Forget the filter ${saved.name}`}
            onClick={() => save(board.filters.filter((other) => other.name !== saved.name))}
          >
            Forget
          </Button>
        </div>
      ))}
      <form
        className="flex gap-6"
        onSubmit={(event) => {
          event.preventDefault();
          const words = name.trim();
          if (words === '' || !narrows(filter)) return;
          save([
            ...board.filters.filter((other) => other.name !== words),
            { name: words, text: filterText(filter) },
          ]);
          setName('');
        }}
      >
        <Input
          aria-label="Name of this filter"
          placeholder="Name of this filter"
          value={name}
          maxLength={80}
          onChange={(event) => setName(event.target.value)}
        />
        <Button
          size="large"
          type="submit"
          icon={BookmarkPlus}
          disabledReason={narrows(filter) ? undefined : 'Choose what to filter by first.'}
        >
          Save
        </Button>
      </form>
    </div>
  );
}

function More({ board, filter, onChange, tags }: FilterProps & { tags: readonly string[] }): ReactNode {
  const all = { board, filter, onChange };
  return (
    <Popover.Root>
      <Popover.Trigger render={<AddChip>Filter</AddChip>} />
      <Popover.Portal>
        <Popover.Positioner align="start" sideOffset={4} collisionPadding={8} className="z-50">
          <Popover.Popup className={cx(FLOAT, POP, 'flex w-320 flex-col gap-10 rounded-card p-16')}>
            <Popover.Title className="sr-only">Filter the tasks</Popover.Title>
            <div className="flex flex-wrap gap-6">
              {(['mine', 'unassigned', 'blocked', 'archived'] as const).map((flag) => (
                <Chip
                  key={flag}
                  on={filter.flags.includes(flag)}
                  onClick={() => onChange(toggled(filter, flag))}
                >
                  {FLAG_WORDS[flag]}
                </Chip>
              ))}
            </div>
            <Field label="Priority" layout="left">
              <Choice {...all} term="priority" label="Any" options={PRIORITY_OPTIONS} />
            </Field>
            <Field label="Tag" layout="left">
              <Choice
                {...all}
                term="tag"
                label="Any"
                options={tags.map((tag) => ({ value: tag, label: tag }))}
              />
            </Field>
            <Field label="Status" layout="left">
              <Choice
                {...all}
                term="status"
                label="Any"
                options={board.columns.map(({ status, name }) => ({ value: status, label: name }))}
              />
            </Field>
            <Saved {...all} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Picked({ board, filter, onChange }: FilterProps): ReactNode {
  const picked = (['priority', 'tag', 'status'] as const).flatMap((term) => {
    const value = filter.terms[term];
    return value === undefined ? [] : [{ key: term, word: value, next: withTerm(filter, term, undefined) }];
  });
  const flags = filter.flags.flatMap((flag) =>
    flag === 'live' ? [] : [{ key: flag, word: FLAG_WORDS[flag], next: toggled(filter, flag) }],
  );
  return [...picked, ...flags].map(({ key, word, next }) => (
    <Chip key={key} on aria-label={`Remove the filter ${word}`} onClick={() => onChange(next)}>
      <span className="max-w-140 truncate">
        {board.columns.find((column) => column.status === word)?.name ?? readableWord(word)}
      </span>
      <Icon icon={X} size={12} />
    </Chip>
  ));
}

export interface BoardToolbarProps extends FilterProps {
  tags: readonly string[];
  total: number;
  shown: number;
  live: number;
}

/** Filter, chips and what the board holds. */
export function BoardToolbar(props: BoardToolbarProps): ReactNode {
  const { board, filter, onChange, tags, total, shown, live } = props;
  const all = { board, filter, onChange };
  const cycle =
    board.median_cycle_ms === undefined ? '' : `, ${duration(board.median_cycle_ms)} median cycle`;
  const tasks = narrows(filter) ? `${count(shown)} of ${plural(total, 'task')}` : plural(total, 'task');
  return (
    <Toolbar>
      <FilterField
        label="Filter tasks"
        value={filter.words}
        onChange={(words) => onChange({ ...filter, words })}
        className="min-w-120 shrink"
      />
      <Choice
        {...all}
        term="assignee"
        label="Assignee"
        options={board.members.map(({ key, name }) => ({ value: key, label: name }))}
      />
      <Choice
        {...all}
        term="type"
        label="Type"
        options={board.types.map((type) => ({ value: type, label: readableWord(type) }))}
      />
      <Chip on={filter.flags.includes('live')} onClick={() => onChange(toggled(filter, 'live'))}>
        <Glyph status="running" size={12} percent={75} />
        Live runs
      </Chip>
      <Picked {...all} />
      <More {...all} tags={tags} />
      {narrows(filter) && (
        <Button size="small" variant="plain" onClick={() => onChange(parseFilter(''))}>
          Clear
        </Button>
      )}
      <span className="figures ml-auto truncate text-small text-3">
        {tasks}
        {live > 0 && `, ${plural(live, 'run')} live`}
        <span className="max-wide:hidden">{cycle}</span>
      </span>
    </Toolbar>
  );
}
