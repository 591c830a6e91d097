import { CircleAlert } from 'lucide-react';
import { type ReactNode, useMemo, useState } from 'react';
import type { CallOutput } from '../../../src-shared/ipc.ts';
import { type Command, useCommands } from '../../app/commands.ts';
import { useAction, useAnswer } from '../../data/queries.ts';
import { Button } from '../../ui/button.tsx';
import { Page } from '../../ui/page.tsx';
import { Failure, Loading } from '../../ui/states.tsx';
import { toast, toastError } from '../../ui/toast.tsx';
import { About } from './about.tsx';
import { DRAFT_KEYS, type Draft, draftOf, readDraft } from './draft.ts';
import { NodeSettings } from './node-settings.tsx';
import { isLocked } from './origin-note.tsx';
import { RunSettings } from './run-settings.tsx';
import { SecretSettings } from './secret-settings.tsx';
import { ThisDevice } from './this-device.tsx';
import { WindowSettings } from './window-settings.tsx';

type Loaded = CallOutput<'settings.get'>;

/** Why the draft cannot be saved now, or undefined. */
function reasonNotToSave(changes: number, errors: number): string | undefined {
  if (errors > 0) return 'Correct the marked fields first.';
  return changes === 0 ? 'Nothing is changed.' : undefined;
}

function Form({ loaded }: { loaded: Loaded }): ReactNode {
  const { values, origins } = loaded;
  const [typed, setTyped] = useState<Partial<Draft>>({});
  const save = useAction('settings.set', ['settings.get']);
  const { mutate, isPending } = save;
  const draft = useMemo(() => ({ ...draftOf(values), ...typed }), [values, typed]);
  const { changes, errors: found } = useMemo(() => readDraft(draft, values), [draft, values]);
  const errors = Object.fromEntries(Object.entries(found).filter(([key]) => !isLocked(origins[key])));
  const reason = reasonNotToSave(Object.keys(changes).length, Object.keys(errors).length);
  const dirty = DRAFT_KEYS.some((key) => draft[key] !== draftOf(values)[key]);
  const commands = useMemo<readonly Command[]>(
    () => [
      {
        id: 'settings.save',
        title: 'Save the settings',
        group: 'This view',
        shortcut: 'Mod+S',
        disabledReason: reason,
        run: () =>
          mutate(changes, {
            onSuccess: () => {
              setTyped({});
              toast({ status: 'completed', title: 'Settings saved' });
            },
            onError: (error) => toastError('The settings were not saved', error),
          }),
      },
    ],
    [reason, changes, mutate],
  );
  useCommands(commands);
  return (
    <Page
      title="Settings"
      actions={
        <>
          {dirty && (
            <Button variant="plain" onClick={() => setTyped({})}>
              Discard
            </Button>
          )}
          <Button
            variant="main"
            shortcut="Mod+S"
            disabledReason={reason}
            busy={isPending}
            busyLabel="Saving"
            onClick={() => commands[0]?.run()}
          >
            Save
          </Button>
        </>
      }
    >
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="max-w-720 px-20 pb-32">
          <ThisDevice />
          <NodeSettings
            draft={draft}
            errors={errors}
            origins={origins}
            onChange={(key, text) => setTyped((before) => ({ ...before, [key]: text }))}
          />
          <RunSettings values={values} origins={origins} />
          <WindowSettings values={values} origins={origins} />
          <SecretSettings values={values} origins={origins} />
          <About />
        </div>
      </div>
    </Page>
  );
}

/** What a person can set, with where each value comes from. */
export function SettingsView(): ReactNode {
  const answer = useAnswer('settings.get');
  if (answer.data !== undefined) return <Form loaded={answer.data} />;
  return (
    <Page title="Settings">
      {answer.error === null ? (
        <Loading label="Loading settings" />
      ) : (
        <Failure
          icon={CircleAlert}
          title="The settings cannot be read"
          error={answer.error}
          actions={
            <Button variant="main" onClick={() => void answer.refetch()}>
              Try again
            </Button>
          }
        />
      )}
    </Page>
  );
}
