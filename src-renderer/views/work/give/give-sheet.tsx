import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';
import { useAction } from '../../../data/queries.ts';
import { Sheet } from '../../../ui/sheet.tsx';
import { SheetForm } from '../../../ui/sheet-form.tsx';
import { toast } from '../../../ui/toast.tsx';
import { GiveForm } from './give-form.tsx';
import { closeGive, offerSheet, useGive } from './give-state.ts';
import { type GiveErrors, type GiveValues, orderOf } from './values.ts';

function useGiving(values: GiveValues, onGiven: (id: string) => void) {
  const assign = useAction('work.assign');
  const rerun = useAction('work.rerun');
  // Nothing is wrong before a person tried; from then on each field says so until it fits.
  const [tried, setTried] = useState(false);
  const made = orderOf(values, Date.now());
  const give = () => {
    setTried('errors' in made);
    if ('errors' in made) return;
    const { rerunOf } = useGive.getState();
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
  const errors: GiveErrors = tried && 'errors' in made ? made.errors : {};
  return { give, errors, failure: assign.error ?? rerun.error, busy: assign.isPending || rerun.isPending };
}

/** The sheet in which a person gives work, or gives an older work again with edits. It lies in the page around it. */
export function GiveSheet(): ReactNode {
  const navigate = useNavigate();
  const { open, rerunOf, values } = useGive();
  const { give, errors, failure, busy } = useGiving(
    values,
    (id) => void navigate({ to: '/work/$workId', params: { workId: id } }),
  );
  useEffect(() => offerSheet(), []);
  return (
    <Sheet
      open={open}
      onClose={() => closeGive()}
      title={rerunOf === undefined ? 'Give work' : 'Rerun with edits'}
    >
      <SheetForm
        onSubmit={give}
        onClose={() => closeGive()}
        submit={rerunOf === undefined ? 'Give work' : 'Rerun'}
        busy={busy}
        busyLabel="Giving"
        failure={failure}
      >
        {rerunOf !== undefined && (
          <p className="text-small text-2">
            It becomes new work. {rerunOf.task.split('\n')[0]} stays as it is.
          </p>
        )}
        <GiveForm values={values} errors={errors} />
      </SheetForm>
    </Sheet>
  );
}
