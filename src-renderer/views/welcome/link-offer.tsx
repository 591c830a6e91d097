import { LogIn } from 'lucide-react';
import type { ReactNode } from 'react';
import type { CallOutput } from '../../../src-shared/ipc.ts';
import { roleWords } from '../../../src-shared/protocol/roles.ts';
import { useLive } from '../../data/live.ts';
import { useAction, useAnswer } from '../../data/queries.ts';
import { Button } from '../../ui/button.tsx';
import { Code } from '../../ui/code.tsx';
import { Time } from '../../ui/time.tsx';
import { ErrorProblem } from './problem.tsx';

/** What a join link would do, and the button that does it. */
export function LinkOffer({ link }: { link: string }): ReactNode {
  const offer = useAnswer('join.read', { link });
  const enter = useAction('join.enter', ['app.checks', 'access.own']);
  const cancel = useAction('join.cancel');
  if (offer.error !== null) return <ErrorProblem error={offer.error} />;
  if (offer.data === undefined) return null;
  return (
    <>
      <OfferFacts offer={offer.data} />
      <span className="flex gap-8">
        <Button
          variant="main"
          icon={LogIn}
          busy={enter.isPending}
          busyLabel="Joining"
          onClick={() => enter.mutate({ link })}
        >
          Join as {roleWords[offer.data.role].title.toLowerCase()}
        </Button>
        {enter.isPending && (
          <Button variant="plain" onClick={() => cancel.mutate(undefined)}>
            Stop
          </Button>
        )}
      </span>
      {enter.isPending && <JoinProgress />}
      {enter.error !== null && <ErrorProblem error={enter.error} />}
    </>
  );
}

/** How joining goes; while the host has to say yes, the words that its window shows too. */
function JoinProgress(): ReactNode {
  const state = useLive('join.watch').items.get('join');
  return (
    <div role="status" className="flex flex-col gap-4 text-small text-2">
      {state?.state === 'waiting' ? (
        <>
          <p>
            The host has to say yes. It sees these words of the key of this device; compare them by phone:
          </p>
          <p>
            <Code>{state.fingerprint}</Code>
          </p>
        </>
      ) : (
        <p>Asking the host.</p>
      )}
    </div>
  );
}

/** The lattice that let this station in earlier, with the way back. */
export function EarlierLattice(): ReactNode {
  const { data } = useAnswer('access.own');
  const again = useAction('access.rejoin', ['app.checks']);
  const forget = useAction('access.forget', ['access.own']);
  if (data?.access === undefined) return null;
  return (
    <section aria-label="Earlier lattice" className="flex flex-col gap-8 border-t border-hairline pt-10">
      <span className="flex items-center gap-8">
        <Button busy={again.isPending} busyLabel="Joining" onClick={() => again.mutate(undefined)}>
          Back to {data.access.lattice}
        </Button>
        <Button variant="plain" busy={forget.isPending} onClick={() => forget.mutate(undefined)}>
          Forget it
        </Button>
      </span>
      {again.error !== null && <ErrorProblem error={again.error} />}
    </section>
  );
}

function OfferFacts({ offer }: { offer: CallOutput<'join.read'> }): ReactNode {
  const { title, may, mayNot } = roleWords[offer.role];
  return (
    <dl
      aria-label="What this link does"
      className="flex flex-col gap-4 rounded-control border border-border bg-inset p-10 text-small text-2 *:break-words"
    >
      <Fact name="Lattice">{offer.lattice}</Fact>
      <Fact name="Role">{title}</Fact>
      <Fact name="You may">{may}</Fact>
      <Fact name="You may not">{mayNot}</Fact>
      <Fact name="Hub">{offer.hosts.join(', ')}</Fact>
      <Fact name="Fingerprint">{offer.fingerprint}</Fact>
      {offer.expires !== undefined && (
        <Fact name="Until">
          <Time at={offer.expires} as="moment" />
        </Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }): ReactNode {
  return (
    <div>
      <dt className="inline font-medium text-1">{name}: </dt>
      <dd className="inline">{children}</dd>
    </div>
  );
}
