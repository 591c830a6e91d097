import { Tabs } from '@base-ui/react/tabs';
import { FileQuestion } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { BoardView, TaskDetail } from '../../../../src-shared/views/board.ts';
import { useLive } from '../../../data/live.ts';
import { Button } from '../../../ui/button.tsx';
import { cx } from '../../../ui/cx.ts';
import { Failure, Loading } from '../../../ui/states.tsx';
import type { TaskActions } from '../use-task-actions.ts';
import { CommentForm } from './comment-form.tsx';
import { Comments } from './comments.tsx';
import { History } from './history.tsx';
import { Relations } from './relations.tsx';
import { Runs } from './runs.tsx';
import { TaskFacts } from './task-facts.tsx';
import { TaskHead } from './task-head.tsx';
import { TextEditor } from './text-editor.tsx';
import { TitleEditor } from './title-editor.tsx';

export interface TaskPanelProps {
  board: BoardView;
  task: string;
  actions: TaskActions;
  /** Opens the task above or below in the order that is shown. */
  onStep: ((step: 1 | -1) => void) | undefined;
  onOpen(task: string): void;
  onClose(): void;
}

const TABS = ['description', 'plan', 'notes', 'comments', 'relations', 'history'] as const;
type TabName = (typeof TABS)[number];

function tabTitle(tab: TabName, detail: TaskDetail): string {
  const counted = (word: string, amount: number) => (amount === 0 ? word : `${word} ${amount}`);
  switch (tab) {
    case 'description':
      return 'Description';
    case 'plan':
      return 'Plan';
    case 'notes':
      return 'Notes';
    case 'comments':
      return counted('Comments', detail.card.comments);
    case 'relations':
      return counted('Relations', detail.relations.length + detail.branches.length + detail.artifacts.length);
    case 'history':
      return 'History';
  }
}

function firstTab({ plan, description }: TaskDetail): TabName {
  return !plan.scaffold && plan.text.trim() !== '' && description.trim() === '' ? 'plan' : 'description';
}

/** A plan without its first heading, which only says the title again. */
function withoutHeading(text: string, { card, title }: TaskDetail): string {
  const [first = '', ...rest] = text.split('\n');
  const says = first.replace(/^# /, '').trim();
  return says === `${card.short_id}: ${title}` || says === title ? rest.join('\n') : text;
}

interface BodyProps extends Pick<TaskPanelProps, 'board' | 'actions' | 'onOpen'> {
  detail: TaskDetail;
}

function Body({ board, actions, detail, onOpen }: BodyProps): ReactNode {
  const [tab, setTab] = useState<TabName>(() => firstTab(detail));
  const on = { board: board.id, task: detail.card.id, readOnly: board.read_only };
  const withComments = tab === 'description' || tab === 'plan';
  return (
    <>
      <div className="flex flex-col gap-12 px-16 pt-16 pb-12">
        <TitleEditor key={detail.title} detail={detail} actions={actions} readOnly={board.read_only} />
        <TaskFacts board={board} detail={detail} actions={actions} />
        <Runs board={board} detail={detail} />
      </div>
      <Tabs.Root value={tab} onValueChange={(next: TabName) => setTab(next)} className="flex flex-col">
        <Tabs.List
          aria-label="About this task"
          activateOnFocus
          className="sticky top-0 z-10 flex h-36 shrink-0 items-stretch gap-12 overflow-x-auto border-b [scrollbar-width:none] border-hairline bg-page px-16 max-wide:bg-raised"
        >
          {TABS.map((name) => (
            <Tabs.Tab
              key={name}
              value={name}
              className="shrink-0 border-b-2 border-transparent text-small font-medium text-3 -outline-offset-2 transition-colors duration-120 hover:text-1 data-active:border-accent-text data-active:font-semibold data-active:text-1"
            >
              {tabTitle(name, detail)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={tab} className="outline-none">
          {tab === 'description' && (
            <TextEditor
              key="description"
              label="Description"
              text={detail.description}
              empty="No description yet."
              readOnly={board.read_only}
              save={async (text) => {
                await actions.update(detail.card, { description: text });
              }}
            />
          )}
          {(tab === 'plan' || tab === 'notes') && (
            <TextEditor
              key={tab}
              label={tab === 'plan' ? 'Plan' : 'Notes'}
              text={detail[tab].text}
              shown={tab === 'plan' ? withoutHeading(detail.plan.text, detail) : undefined}
              digest={detail[tab].digest}
              empty={tab === 'plan' ? 'No plan yet. Work on this task may need one.' : 'No notes yet.'}
              readOnly={board.read_only}
              target={{ ...on, kind: tab }}
            />
          )}
          {withComments && detail.comments.length > 0 && <div className="mx-16 border-t border-hairline" />}
          {(withComments || tab === 'comments') && (
            <Comments board={board} detail={detail} silent={withComments} />
          )}
          {tab === 'relations' && <Relations board={board} detail={detail} onOpen={onOpen} />}
          {tab === 'history' && <History detail={detail} />}
        </Tabs.Panel>
      </Tabs.Root>
    </>
  );
}

/** One task in full, beside the board; in compact over it. */
export function TaskPanel({ board, task, actions, onStep, onOpen, onClose }: TaskPanelProps): ReactNode {
  const { items, state, error } = useLive('board.task', { board: board.id, task });
  const [wide, setWide] = useState(false);
  const detail = items.get('task');
  return (
    <aside
      aria-label="Task in detail"
      data-region
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return;
        event.preventDefault();
        onClose();
      }}
      className={cx(
        'flex shrink-0 flex-col border-l border-hairline outline-none max-wide:absolute max-wide:inset-y-0 max-wide:right-0 max-wide:z-20 max-wide:border-border max-wide:bg-raised max-wide:shadow-sheet',
        wide ? 'w-[min(760px,70%)]' : 'w-396',
      )}
    >
      <TaskHead
        board={board}
        detail={detail}
        actions={actions}
        wide={wide}
        onWide={() => setWide(!wide)}
        onStep={onStep}
        onClose={onClose}
      />
      {detail === undefined ? (
        state === 'error' ? (
          <Failure
            icon={FileQuestion}
            title="The task cannot be shown"
            {...(error === undefined ? { text: 'It is not on this board.' } : { error })}
            actions={<Button onClick={onClose}>Close</Button>}
          />
        ) : (
          <Loading />
        )
      ) : (
        <>
          <div className="min-h-0 flex-1 overflow-y-auto">
            <Body key={task} board={board} actions={actions} detail={detail} onOpen={onOpen} />
          </div>
          <CommentForm board={board} detail={detail} />
        </>
      )}
    </aside>
  );
}
