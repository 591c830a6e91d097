import { type ReactNode, useState } from 'react';
import { HubCheckDialog } from '../../app/hub-check-dialog.tsx';
import { useAction, useAnswer } from '../../data/queries.ts';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/select.tsx';
import { ErrorProblem, Problem } from './problem.tsx';

/** The contexts of the nats command line on this machine, to join one by its name; nothing where there are none. */
export function NatsContexts(): ReactNode {
  const { data } = useAnswer('contexts.list');
  const join = useAction('contexts.join', ['app.checks']);
  const [name, setName] = useState<string>();
  const [checking, setChecking] = useState(false);
  if (data === undefined || data.contexts.length === 0) return null;
  const { contexts } = data;
  const chosen =
    contexts.find((context) => context.name === name) ??
    contexts.find((context) => context.selected) ??
    contexts[0];
  if (chosen === undefined) return null;
  const cannot = chosen.problem === undefined ? undefined : 'This context cannot be used here.';
  return (
    <section aria-label="Contexts of nats" className="flex flex-col gap-8 border-t border-hairline pt-10">
      <span className="text-small text-3">Or a context of the nats command line</span>
      <Select
        label="Context"
        value={chosen.name}
        onChange={(next) => {
          setName(next);
          join.reset();
        }}
        options={contexts.map((context) => ({ value: context.name, label: context.name }))}
      />
      <p className="text-small wrap-anywhere text-2">
        {[chosen.url, chosen.auth === 'none' ? 'no secret' : chosen.auth, ...chosen.facts]
          .filter(Boolean)
          .join(', ')}
      </p>
      {chosen.problem !== undefined && <Problem>{chosen.problem}</Problem>}
      {chosen.notes.map((note) => (
        <p key={note} className="text-small text-3">
          {note}
        </p>
      ))}
      <span className="flex gap-8">
        <Button
          busy={join.isPending}
          busyLabel="Joining"
          disabledReason={cannot}
          onClick={() => join.mutate({ name: chosen.name })}
        >
          Join {chosen.name}
        </Button>
        <Button variant="plain" disabledReason={cannot} onClick={() => setChecking(true)}>
          Check
        </Button>
      </span>
      {join.error !== null && <ErrorProblem error={join.error} />}
      {checking && <HubCheckDialog target={{ context: chosen.name }} onClose={() => setChecking(false)} />}
    </section>
  );
}
