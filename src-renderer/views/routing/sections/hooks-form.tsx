import { Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { hookActions } from '../../../../src-shared/lattice-yaml/actions.ts';
import { parseCondition } from '../../../../src-shared/lattice-yaml/condition.ts';
import type { PlainValue } from '../../../../src-shared/lattice-yaml/edit/edit.ts';
import { plainAt } from '../../../../src-shared/lattice-yaml/edit/find.ts';
import { saidAt } from '../../../../src-shared/routing-editor/form-edits.ts';
import {
  HOOK_ACTION_WORDS,
  HOOK_EVENTS,
  type HookEvent,
} from '../../../../src-shared/routing-editor/form-words.ts';
import { schemaAt } from '../../../../src-shared/routing-editor/schema-walk.ts';
import { Button } from '../../../ui/button.tsx';
import { useFocusAt } from '../pictures/use-focus-at.ts';
import { useDraft } from '../state/draft-store.ts';
import { addItem, moveItem, removeAt } from '../state/form-actions.ts';
import { EntryCard, EntryFields, Wide } from './entry-card.tsx';
import { ChoiceField, SwitchField, TextField } from './fields.tsx';
import { SectionPage } from './section-page.tsx';

const ACTIONS = hookActions.map((action) => ({
  value: action,
  label: action,
  meta: HOOK_ACTION_WORDS[action],
}));

/** What happens around the work of agents, event by event. */
export function HooksForm(): ReactNode {
  return (
    <SectionPage title="Hooks" path={['hooks']}>
      {(Object.keys(HOOK_EVENTS) as HookEvent[]).map((event) => (
        <EventHooks key={event} event={event} />
      ))}
    </SectionPage>
  );
}

function EventHooks({ event }: { event: HookEvent }): ReactNode {
  const path = ['hooks', event];
  const said = useDraft((state) => saidAt(state.reading?.values ?? [], ['hooks', event]));
  const { container, focusAt } = useFocusAt();
  const hooks: readonly PlainValue[] = Array.isArray(said) ? said : [];
  const title = HOOK_EVENTS[event];
  return (
    <fieldset ref={container} aria-label={title} className="flex min-w-0 flex-col gap-6">
      <div className="flex items-baseline gap-8">
        <h3 className="text-body font-semibold text-1" title={schemaAt(path)?.description}>
          {title}
        </h3>
        <span className="truncate font-mono text-small text-3">{event}</span>
        <Button
          size="small"
          variant="plain"
          icon={Plus}
          data-place={hooks.length}
          aria-label={`Add an action: ${title}`}
          className="ml-auto"
          onClick={() => {
            addItem(path, { action: 'log.info' }, 'Add an action');
            focusAt(hooks.length);
          }}
        >
          Add an action
        </Button>
      </div>
      {hooks.length > 0 && (
        <ol aria-label={`Actions: ${title}`} className="flex flex-col gap-6">
          {[...hooks.keys()].map((index) => (
            <HookCard
              key={index}
              event={event}
              index={index}
              hook={hooks[index] ?? null}
              onFocusAt={(place) => focusAt(Math.max(0, Math.min(place, hooks.length)))}
            />
          ))}
        </ol>
      )}
    </fieldset>
  );
}

function HookCard(props: {
  event: HookEvent;
  index: number;
  hook: PlainValue;
  onFocusAt(place: number): void;
}): ReactNode {
  const { event, index, hook, onFocusAt } = props;
  const path = ['hooks', event, index];
  const text = (key: string) => {
    const value = plainAt(hook, [key]);
    return typeof value === 'string' ? value : '';
  };
  const action = text('action');
  const name = `${action || 'action'}, ${index + 1} of ${event}`;
  const takes = (key: string, ...actions: string[]) =>
    actions.includes(action) || plainAt(hook, [key]) !== null;
  return (
    <EntryCard
      path={path}
      place={index}
      name={name}
      title={<span className="font-mono text-mono">{action || 'No action'}</span>}
      summary={
        <span className="truncate">
          {text('when') !== '' && <span className="font-mono">when {text('when')}</span>}
          {text('when') !== '' && text('message') !== '' && ' · '}
          {text('message')}
        </span>
      }
      onMove={(by) => moveItem(path.slice(0, 2), index, by, action) && onFocusAt(index + by)}
      onRemove={() => {
        removeAt(path, action || 'The action');
        onFocusAt(Math.max(0, index - 1));
      }}
      onFocusAt={onFocusAt}
    >
      <EntryFields>
        <ChoiceField path={[...path, 'action']} label="Action" options={ACTIONS} />
        <TextField path={[...path, 'when']} label="When" mono placeholder="always" check={conditionProblem} />
        <Wide>
          <TextField path={[...path, 'message']} label="Message" />
        </Wide>
        {takes('channel', 'notify.slack') && (
          <TextField path={[...path, 'channel']} label="Channel" placeholder="#alerts" />
        )}
        {takes('webhook', 'notify.slack') && (
          <TextField path={[...path, 'webhook']} label="Webhook" mono placeholder={`\${SLACK_WEBHOOK_URL}`} />
        )}
        {takes('for', 'route.skip_provider') && (
          <TextField path={[...path, 'for']} label="For" mono placeholder="10m" />
        )}
        <SwitchField
          path={[...path, 'notify']}
          label="Notify"
          without={false}
          words={['A person is told', 'Nobody is told']}
        />
      </EntryFields>
    </EntryCard>
  );
}

function conditionProblem(text: string): string | undefined {
  const parsed = parseCondition(text);
  if (parsed.ok) return undefined;
  const { message, suggestion } = parsed.error;
  return suggestion === undefined ? message : `${message} ${suggestion}`;
}
