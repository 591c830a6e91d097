import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { BoardSettings } from '../../../../src-shared/views/board.ts';
import { Button } from '../../../ui/button.tsx';
import { Chip } from '../../../ui/chip.tsx';
import { Field } from '../../../ui/field.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { Input } from '../../../ui/input.tsx';
import { Switch } from '../../../ui/switch.tsx';
import { addStatus, removeStatus, shiftStatus, toggleTarget } from '../logic/settings-edits.ts';
import { readableWord } from '../logic/words.ts';

type StatusSettings = BoardSettings['statuses'][number];

interface StatusProps {
  settings: BoardSettings;
  status: StatusSettings;
  at: number;
  /** Tasks may stand in it, so that it cannot go. */
  used: boolean;
  onChange(settings: BoardSettings): void;
}

function nameOf({ status, name }: StatusSettings): string {
  return name ?? readableWord(status);
}

function Targets({ settings, status, onChange }: StatusProps): ReactNode {
  return (
    <div className="flex flex-col gap-6">
      <p className="text-small font-medium text-2">From here a task can go to</p>
      <div className="flex flex-wrap gap-6">
        {settings.statuses
          .filter((other) => other.status !== status.status)
          .map((other) => {
            const always = settings.universal_targets.includes(other.status);
            return (
              <Chip
                key={other.status}
                on={always || status.targets.includes(other.status)}
                aria-disabled={always || undefined}
                title={always ? 'Every task can go there.' : undefined}
                onClick={() => !always && onChange(toggleTarget(settings, status.status, other.status))}
              >
                {nameOf(other)}
              </Chip>
            );
          })}
      </div>
    </div>
  );
}

function StatusEditor(props: StatusProps): ReactNode {
  const { settings, status, at, used, onChange } = props;
  const [open, setOpen] = useState(false);
  const set = (change: Partial<StatusSettings>) =>
    onChange({
      ...settings,
      statuses: settings.statuses.map((other) =>
        other.status === status.status ? { ...other, ...change } : other,
      ),
    });
  const universal = settings.universal_targets.includes(status.status);
  const limit = (text: string): Partial<StatusSettings> => {
    const { limit: _, ...rest } = status;
    const value = Number.parseInt(text, 10);
    return Number.isInteger(value) && value > 0 ? { limit: value } : { ...rest, limit: undefined };
  };
  return (
    <li className="rounded-card border border-border">
      <div className="flex h-36 items-center gap-4 pr-6 pl-12">
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="min-w-0 flex-1 truncate rounded-hint text-left text-body font-medium text-1"
        >
          {nameOf(status)}
          <span className="ml-8 text-small font-normal text-3">
            {status.limit === undefined ? '' : `at most ${status.limit}`}
          </span>
        </button>
        <IconButton
          icon={ArrowUp}
          size={24}
          label={`Move ${nameOf(status)} to the left`}
          disabledReason={at === 0 ? 'It is the first.' : undefined}
          onClick={() => onChange(shiftStatus(settings, status.status, -1))}
        />
        <IconButton
          icon={ArrowDown}
          size={24}
          label={`Move ${nameOf(status)} to the right`}
          disabledReason={at === settings.statuses.length - 1 ? 'It is the last.' : undefined}
          onClick={() => onChange(shiftStatus(settings, status.status, 1))}
        />
        <IconButton
          icon={Trash2}
          size={24}
          label={`Remove ${nameOf(status)}`}
          disabledReason={
            used ? 'It is on the board. Only statuses that were not saved yet can go.' : undefined
          }
          onClick={() => onChange(removeStatus(settings, status.status))}
        />
      </div>
      {open && (
        <div className="flex flex-col gap-12 border-t border-hairline p-12">
          <div className="grid grid-cols-2 gap-12">
            <Field label="Shown as">
              <Input
                value={status.name ?? ''}
                placeholder={readableWord(status.status)}
                maxLength={80}
                onChange={(event) =>
                  set({ name: event.target.value === '' ? undefined : event.target.value })
                }
              />
            </Field>
            <Field label="At most" hint="Empty for no limit.">
              <Input
                inputMode="numeric"
                value={status.limit === undefined ? '' : String(status.limit)}
                onChange={(event) => set(limit(event.target.value))}
              />
            </Field>
          </div>
          <Targets {...props} />
          <Switch
            label={`Every task can go to ${nameOf(status)}`}
            on={universal}
            word="Every task can go here, from anywhere"
            onChange={(on) =>
              onChange({
                ...settings,
                universal_targets: on
                  ? [...settings.universal_targets, status.status]
                  : settings.universal_targets.filter((other) => other !== status.status),
              })
            }
          />
          <Switch
            label={`A task in ${nameOf(status)} needs an assignee`}
            on={status.require_assigned}
            word="Only tasks with an assignee come in"
            onChange={(require_assigned) => set({ require_assigned })}
          />
          <Field label="Needs evidence for" hint="Roles parted by commas, such as review.">
            <Input
              defaultValue={status.require_roles.join(', ')}
              onChange={(event) =>
                set({ require_roles: event.target.value.split(',').flatMap((role) => role.trim() || []) })
              }
            />
          </Field>
        </div>
      )}
    </li>
  );
}

/** The workflow as a list of statuses: their order, names, limits, ways on and gates. */
export function WorkflowEditor(props: {
  settings: BoardSettings;
  used: readonly string[];
  onChange(settings: BoardSettings): void;
}): ReactNode {
  const { settings, used, onChange } = props;
  const [word, setWord] = useState('');
  const add = () => {
    const next = addStatus(settings, word);
    if (next === undefined) return;
    onChange(next);
    setWord('');
  };
  return (
    <section aria-label="Workflow" className="flex flex-col gap-8">
      <h3 className="text-small font-semibold text-1">Workflow</h3>
      <ul className="flex flex-col gap-6">
        {settings.statuses.map((status, at) => (
          <StatusEditor
            key={status.status}
            settings={settings}
            status={status}
            at={at}
            used={used.includes(status.status)}
            onChange={onChange}
          />
        ))}
      </ul>
      <div className="flex gap-8">
        <Input
          aria-label="Name of a new status"
          placeholder="New status"
          value={word}
          maxLength={64}
          onChange={(event) => setWord(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            add();
          }}
        />
        <Button size="large" icon={Plus} onClick={add}>
          Add
        </Button>
      </div>
    </section>
  );
}
