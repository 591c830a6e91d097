import { FileText, FileWarning, Plus, X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { DraftAgent } from '../../../../src-shared/routing-editor/draft-reading.ts';
import { Icon } from '../../../ui/icon.tsx';
import { addItem, setField } from '../state/form-actions.ts';
import { InPlace } from './in-place.tsx';

const TAG = 'inline-flex h-20 shrink-0 items-center gap-4 rounded-hint border px-5 font-mono text-tiny';

/** The slash commands that call an agent; each is changed where it stands. */
export function Triggers({ agent }: { agent: DraftAgent }): ReactNode {
  const path = ['agents', agent.name, 'triggers'];
  const set = (index: number, trigger: string) =>
    setField([...path, index], trigger === '' ? undefined : trigger, 'Change a trigger');
  return (
    <>
      {[...agent.triggers.keys()].map((index) => {
        const trigger = agent.triggers[index] ?? '';
        return (
          <span key={index} className="inline-flex items-center">
            <InPlace
              label={`Trigger ${trigger}`}
              value={trigger}
              className={`${TAG} border-border text-2 hover:border-strong hover:text-1`}
              onCommit={(next) => set(index, next)}
            >
              {trigger}
            </InPlace>
            <button
              type="button"
              aria-label={`Remove the trigger ${trigger}`}
              className="flex size-20 items-center justify-center rounded-hint text-3 hover:bg-hover hover:text-1"
              onClick={() => set(index, '')}
            >
              <Icon icon={X} size={12} />
            </button>
          </span>
        );
      })}
      <InPlace
        label="Add a trigger"
        value=""
        placeholder="/plan"
        className={`${TAG} border-dashed border-border text-3 hover:bg-hover hover:text-2`}
        onCommit={(next) => (next === '' ? undefined : addItem(path, next, `Add ${next}`))}
      >
        <Icon icon={Plus} size={12} />
        Trigger
      </InPlace>
    </>
  );
}

/** The prompt file of an agent; one that is gone is marked. */
export function PromptFile({
  agent,
  missing,
}: {
  agent: DraftAgent;
  missing: string | undefined;
}): ReactNode {
  const { name, path = '' } = agent;
  return (
    <InPlace
      label="Prompt file"
      value={path}
      placeholder={`${name}.md`}
      title={missing === undefined ? 'The prompt of this agent' : `There is no file ${missing}.`}
      className={`flex min-w-0 items-center gap-6 rounded-hint hover:text-1 ${missing === undefined ? '' : 'text-late'}`}
      onCommit={(next) =>
        setField(['agents', name, 'path'], next === '' ? undefined : next, 'Change the prompt file')
      }
    >
      <Icon icon={missing === undefined ? FileText : FileWarning} />
      <span className="truncate">
        {missing === undefined ? path || 'No prompt file' : `${missing} is missing`}
      </span>
    </InPlace>
  );
}

/** What an agent does, in a sentence. */
export function Description({ agent }: { agent: DraftAgent }): ReactNode {
  const { name, description = '' } = agent;
  return (
    <InPlace
      label="Description"
      value={description}
      placeholder="What the agent does, in a sentence"
      className={`min-w-0 truncate rounded-hint text-left text-body hover:text-1 ${description === '' ? 'text-3' : 'text-2'}`}
      onCommit={(next) =>
        setField(['agents', name, 'description'], next === '' ? undefined : next, 'Change the description')
      }
    >
      {description === '' ? 'Add a description' : description}
    </InPlace>
  );
}
