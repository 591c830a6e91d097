import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';
import { useAction } from '../../../data/queries.ts';
import { Button } from '../../../ui/button.tsx';
import { matchesKey } from '../../../ui/keys.ts';
import { Sheet } from '../../../ui/sheet.tsx';
import { toast } from '../../../ui/toast.tsx';
import { GiveForm } from './give-form.tsx';
import { closeGive, offerSheet, useGive } from './give-state.ts';
import { type GiveErrors, orderOf } from './values.ts';

function useGiving(onGiven: (id: string) => void) {
  const assign = useAction('work.assign');
  const rerun = useAction('work.rerun');
  const [errors, setErrors] = useState<GiveErrors>({});
  const give = () => {
    const { values, rerunOf } = useGive.getState();
    const made = orderOf(values, Date.now());
    if ('errors' in made) return setErrors(made.errors);
    setErrors({});
    const done = (id: string) => {
      closeGive(true);
      onGiven(id);
    };
    if (rerunOf !== undefined)
      rerun.mutate({ id: rerunOf.id, edits: made.order }, { onSuccess: ({ id }) => done(id) });
    else
      assign.mutate(made.order, {
        onSuccess: ({ id, created }) => {
          if (!created)
            toast({
              status: 'completed',
              title: 'This work was given before',
              text: 'Its dedupe key is the same, so it is the same work.',
            });
          done(id);
        },
      });
  };
  return { give, errors, failure: assign.error ?? rerun.error, busy: assign.isPending || rerun.isPending };
}

/** The sheet in which a person gives work, or gives an older work again with edits. It lies in the page around it. */
export function GiveSheet(): ReactNode {
  const navigate = useNavigate();
  const { open, rerunOf, values } = useGive();
  const { give, errors, failure, busy } = useGiving(
    (id) => void navigate({ to: '/work/$workId', params: { workId: id } }),
  );
  useEffect(() => offerSheet(), []);
  return (
    <Sheet
      open={open}
      onClose={() => closeGive()}
      title={rerunOf === undefined ? 'Give work' : 'Rerun with edits'}
    >
      <form
        className="flex min-h-0 flex-1 flex-col"
        onSubmit={(event) => {
          event.preventDefault();
          give();
        }}
        onKeyDown={(event) => {
          if (!matchesKey(event.nativeEvent, 'Mod+Enter')) return;
          event.preventDefault();
          event.stopPropagation();
          if (!busy) give();
        }}
      >
        <div className="min-h-0 flex-1 overflow-y-auto px-20 py-16">
          {rerunOf !== undefined && (
            <p className="mb-16 text-small text-2">
              It becomes new work. {rerunOf.task.split('\n')[0]} stays as it is.
            </p>
          )}
          <GiveForm values={values} errors={errors} />
        </div>
        <footer className="flex shrink-0 flex-col gap-8 border-t border-hairline px-20 py-12">
          {failure !== null && (
            <p role="alert" className="takeable text-small wrap-anywhere text-fail">
              {failure.message} {failure.hint}
            </p>
          )}
          <div className="flex justify-end gap-8">
            <Button size="large" variant="plain" onClick={() => closeGive()}>
              Close
            </Button>
            <Button
              size="large"
              variant="main"
              type="submit"
              shortcut="Mod+Enter"
              busy={busy}
              busyLabel="Giving"
            >
              {rerunOf === undefined ? 'Give work' : 'Rerun'}
            </Button>
          </div>
        </footer>
      </form>
    </Sheet>
  );
}
