import { Command as Cmdk } from 'cmdk';
import { Bot, UserX } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import type { BoardView, Card, MoveVerdict } from '../../../src-shared/views/board.ts';
import { call } from '../../data/queries.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useAgentNames } from './board/agent-strip.tsx';
import { setBoardState, useBoardState } from './board-state.ts';
import { assigneeOptions, NOBODY } from './detail/assignees.ts';
import { ActorMark } from './parts/actor-mark.tsx';
import { PhaseMark } from './parts/phase-mark.tsx';
import type { TaskActions } from './use-task-actions.ts';

interface Choice {
  value: string;
  label: string;
  lead: ReactNode;
  meta?: string | undefined;
  run(): void;
}

function useVerdicts(board: string, task: string, wanted: boolean): readonly MoveVerdict[] | undefined {
  const [verdicts, setVerdicts] = useState<readonly MoveVerdict[]>();
  useEffect(() => {
    if (!wanted) return;
    let current = true;
    // Without an answer the move itself says what the rules say.
    call('board.verdicts', { board, task }).then(
      (all) => current && setVerdicts(all),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [board, task, wanted]);
  return verdicts;
}

const TITLES = { move: 'Move', assign: 'Assign', run: 'Run' } as const;

function useChoices(
  board: BoardView,
  card: Card,
  actions: TaskActions,
  picking: 'move' | 'assign' | 'run',
): Choice[] {
  const verdicts = useVerdicts(board.id, card.id, picking === 'move');
  const agents = useAgentNames();
  switch (picking) {
    case 'move':
      return board.columns
        .filter(({ status }) => status !== card.status)
        .map((column) => {
          const verdict = verdicts?.find((one) => one.status === column.status);
          return {
            value: column.status,
            label: column.name,
            lead: <PhaseMark column={column} />,
            meta: verdict?.allowed === false ? verdict.reason : verdict?.warning,
            run: () => void actions.move(card, column.status, verdicts),
          };
        });
    case 'assign':
      return assigneeOptions(board, card.assignee).map(({ value, label, actor, meta }) => ({
        value,
        label,
        meta,
        lead: actor === undefined ? <Icon icon={UserX} size={14} /> : <ActorMark actor={actor} named />,
        run: () => void actions.assign(card, value === NOBODY ? null : value),
      }));
    case 'run':
      return agents.map((name) => ({
        value: name,
        label: name,
        lead: <Icon icon={Bot} size={14} />,
        run: () => void actions.run(card, name),
      }));
  }
}

function Picker(props: {
  board: BoardView;
  card: Card;
  actions: TaskActions;
  picking: 'move' | 'assign' | 'run';
}): ReactNode {
  const { board, card, actions, picking } = props;
  const choices = useChoices(board, card, actions, picking);
  const close = () => setBoardState({ picking: 'none' });
  const what = { move: 'to…', assign: 'to…', run: 'on an agent' }[picking];
  return (
    <Dialog
      open
      onClose={close}
      title={`${TITLES[picking]} ${card.short_id} ${what}`}
      text={<span className="line-clamp-2">{card.title}</span>}
      actions={<Button onClick={close}>Close</Button>}
    >
      <Cmdk label={`${TITLES[picking]} ${what}`} className="flex flex-col gap-8" loop>
        <Cmdk.Input
          autoFocus
          placeholder="Type to narrow"
          className="h-32 rounded-control border border-control bg-page px-10 text-body text-1 select-text"
        />
        <Cmdk.List className="max-h-320 overflow-y-auto">
          <Cmdk.Empty className="px-8 py-6 text-body text-3">
            {picking === 'run' && choices.length === 0 ? 'No station offers an agent now.' : 'Nothing fits.'}
          </Cmdk.Empty>
          {choices.map((choice) => (
            <Cmdk.Item
              key={choice.value}
              value={`${choice.label} ${choice.value}`}
              onSelect={() => {
                close();
                choice.run();
              }}
              className="flex min-h-32 items-center gap-10 rounded-control px-8 py-4 text-body text-1 data-[selected=true]:bg-selected"
            >
              {choice.lead}
              <span className="shrink-0">{choice.label}</span>
              {choice.meta !== undefined && (
                <span className="ml-auto line-clamp-2 max-w-[60%] text-right text-small text-3">
                  {choice.meta}
                </span>
              )}
            </Cmdk.Item>
          ))}
        </Cmdk.List>
      </Cmdk>
    </Dialog>
  );
}

/** Where a person picks a column, an assignee or an agent for the card under the cursor, by keyboard. */
export function PickDialog(props: {
  board: BoardView;
  cards: readonly Card[];
  actions: TaskActions;
}): ReactNode {
  const { board, cards, actions } = props;
  const picking = useBoardState((state) => state.picking);
  const cursor = useBoardState((state) => state.cursor);
  const card = picking === 'none' ? undefined : cards.find((own) => own.id === cursor);
  if (card === undefined || picking === 'none') return null;
  return <Picker board={board} card={card} actions={actions} picking={picking} />;
}
