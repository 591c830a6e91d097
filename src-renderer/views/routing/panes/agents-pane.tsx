import { Plus } from 'lucide-react';
import { type KeyboardEvent, memo, type ReactNode, useMemo } from 'react';
import type { DraftAgent, DraftReading } from '../../../../src-shared/routing-editor/draft-reading.ts';
import { planSummary, strategyBadge } from '../../../../src-shared/routing-editor/strategy-words.ts';
import { useRemembered } from '../../../data/view-state.ts';
import { IconButton } from '../../../ui/icon-button.tsx';
import { FilterField } from '../../../ui/input.tsx';
import { listClass, rowClass } from '../../../ui/row.ts';
import { useListKeys } from '../../../ui/use-list-keys.ts';
import { addAgent, deleteAgent, moveAgent } from '../state/agent-actions.ts';
import { openAgent } from '../state/draft-actions.ts';
import { useDraft } from '../state/draft-store.ts';
import { SectionNav } from './section-nav.tsx';

/** The agents of the draft that fit a filter. */
function fitting(agents: readonly DraftAgent[], filter: string): readonly DraftAgent[] {
  const words = filter.trim().toLowerCase();
  if (words === '') return agents;
  return agents.filter(({ name, triggers, plan }) =>
    [name, ...triggers, ...plan.models.map((model) => model.name)].some((each) =>
      each.toLowerCase().includes(words),
    ),
  );
}

/** The left pane: agents, and below them what holds for all of them. */
export function AgentsPane({ reading }: { reading: DraftReading }): ReactNode {
  const [filter, setFilter] = useRemembered('routing.filter', '');
  const panel = useDraft((state) => state.panel);
  const agent = useDraft((state) => state.agent);
  const shown = useMemo(() => fitting(reading.agents, filter), [reading, filter]);
  const selected = panel === 'agent' ? agent : undefined;
  const listKeys = useListKeys({ keys: shown.map(({ name }) => name), selected, onSelect: openAgent });
  const keys = (event: KeyboardEvent<HTMLElement>) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (event.altKey && by !== undefined && selected !== undefined) {
      event.preventDefault();
      moveAgent(selected, by as 1 | -1);
    } else if (event.key === 'Delete' && selected !== undefined && event.target === event.currentTarget) {
      event.preventDefault();
      deleteAgent(selected);
    } else listKeys(event);
  };
  return (
    <aside
      aria-label="Agents and sections"
      data-region
      tabIndex={-1}
      className="flex w-224 shrink-0 flex-col border-r border-hairline outline-none"
    >
      <div className="flex h-52 shrink-0 items-center gap-8 px-12">
        <FilterField label="Filter" value={filter} onChange={setFilter} className="min-w-0 flex-1" />
        <IconButton icon={Plus} label="Add an agent" variant="outlined" onClick={() => void addAgent()} />
      </div>
      <div className="flex h-24 shrink-0 items-center gap-8 px-16 text-small">
        <h2 className="font-semibold text-1">Agents</h2>
        <span className="figures text-3">{reading.agents.length}</span>
      </div>
      {shown.length === 0 ? (
        <p className="min-h-0 flex-1 px-16 py-16 text-small text-2">
          {reading.agents.length === 0
            ? 'No agent yet. Add one with the plus above.'
            : 'No agent fits the filter.'}
        </p>
      ) : (
        <div
          role="listbox"
          aria-label="Agents"
          tabIndex={0}
          aria-activedescendant={selected === undefined ? undefined : `routing-agent-${selected}`}
          onKeyDown={keys}
          className={listClass(selected !== undefined, 'min-h-0 flex-1 overflow-y-auto px-8')}
        >
          {shown.map((each) => (
            <AgentRow
              key={each.name}
              name={each.name}
              badge={badgeOf(each)}
              summary={each.isCommand ? 'Runs a command, no model' : planSummary(each.plan)}
              selected={each.name === selected}
            />
          ))}
        </div>
      )}
      <SectionNav values={reading.values} />
    </aside>
  );
}

interface RowProps {
  name: string;
  badge: string;
  summary: string;
  selected: boolean;
}

/** One agent; there may be hundreds, so a row is drawn again only when it says something else. */
const AgentRow = memo(function AgentRow({ name, badge, summary, selected }: RowProps): ReactNode {
  return (
    <div
      id={`routing-agent-${name}`}
      role="option"
      tabIndex={-1}
      aria-selected={selected}
      onClick={() => openAgent(name)}
      onKeyDown={() => undefined}
      className={rowClass(
        selected,
        'relative flex h-44 flex-col justify-center rounded-control border-b-0 px-10',
      )}
    >
      <span className="flex items-center gap-6">
        <span className="min-w-0 flex-1 truncate text-body font-medium text-1">{name}</span>
        <span className="shrink-0 text-small text-3">{badge}</span>
      </span>
      <span className="truncate text-small text-3">{summary}</span>
    </div>
  );
});

/** The strategy of an agent in a word. */
function badgeOf({ isCommand, byDefault, plan }: DraftAgent): string {
  if (isCommand) return 'None';
  return byDefault ? 'Default' : strategyBadge(plan);
}
