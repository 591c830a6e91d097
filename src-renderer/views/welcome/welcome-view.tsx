import { useSearch } from '@tanstack/react-router';
import { Laptop, RadioTower } from 'lucide-react';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { type Command, useCommands } from '../../app/commands.ts';
import { useAction } from '../../data/queries.ts';
import { Button } from '../../ui/button.tsx';
import { Mark } from '../../ui/mark.tsx';
import { Checks } from './checks.tsx';
import { ChoiceCard } from './choice-card.tsx';
import { AloneFigure, HostFigure, JoinFigure } from './figures.tsx';
import { JoinForm } from './join-form.tsx';
import { EarlierLattice } from './link-offer.tsx';
import { NatsContexts } from './nats-contexts.tsx';
import { ErrorProblem, freePortOf } from './problem.tsx';

type Choice = 'host' | 'join' | 'alone';

function choiceCommands(run: Record<Choice, () => void>): readonly Command[] {
  const command = (id: Choice, title: string, shortcut: string): Command => ({
    id: `welcome.${id}`,
    title,
    group: 'This view',
    shortcut,
    run: run[id],
  });
  return [
    command('host', 'Host a lattice', '1'),
    command('join', 'Join a lattice', '2'),
    command('alone', 'Use just this machine', '3'),
  ];
}

/** The first view: where the agents of this machine should run. */
export function WelcomeView(): ReactNode {
  const { link } = useSearch({ from: '/welcome' });
  const [on, setOn] = useState<Choice>(link === undefined ? 'host' : 'join');
  // A link may be opened while this view is there already.
  useEffect(() => {
    if (link !== undefined) setOn('join');
  }, [link]);
  const [joinFocus, setJoinFocus] = useState(0);
  const host = useAction('node.host', ['app.checks']);
  const alone = useAction('node.standalone', ['app.checks']);
  const { mutate: startHost } = host;
  const { mutate: startAlone } = alone;
  const commands = useMemo(
    () =>
      choiceCommands({
        host: () => {
          setOn('host');
          startHost({});
        },
        join: () => {
          setOn('join');
          setJoinFocus((times) => times + 1);
        },
        alone: () => {
          setOn('alone');
          startAlone(undefined);
        },
      }),
    [startHost, startAlone],
  );
  useCommands(commands);
  const freePort = host.error === null ? undefined : freePortOf(host.error);
  return (
    <div className="dot-grid flex min-h-full flex-col items-center justify-center px-24 py-32">
      <Mark size={40} />
      <h1 className="mt-20 text-center text-hero text-1">Where should your agents run?</h1>
      <p className="mt-6 text-center text-[14px] leading-20 text-2">
        You can change this later. Nothing leaves this machine until you share it.
      </p>
      <div className="mt-36 flex flex-wrap justify-center gap-16">
        <ChoiceCard
          title="Host a lattice"
          text="This machine runs the hub and is its first station. Others join with a link you send them."
          shortcut="1"
          figure={<HostFigure />}
          on={on === 'host'}
          onPoint={() => setOn('host')}
          problem={
            host.error !== null && (
              <>
                <ErrorProblem error={host.error} />
                {freePort !== undefined && (
                  <Button size="large" onClick={() => host.mutate({ port: freePort })}>
                    Use port {freePort}
                  </Button>
                )}
              </>
            )
          }
        >
          <Button
            variant="main"
            icon={RadioTower}
            className="h-36"
            busy={host.isPending}
            busyLabel="Starting the hub"
            onClick={() => host.mutate({})}
          >
            Host a lattice
          </Button>
        </ChoiceCard>
        <ChoiceCard
          title="Join one"
          text="Paste the link a teammate sent you. This machine and its agents appear on their screens."
          shortcut="2"
          figure={<JoinFigure />}
          on={on === 'join'}
          onPoint={() => setOn('join')}
        >
          <JoinForm key={link ?? ''} link={link} focus={joinFocus + (link === undefined ? 0 : 1)} />
          <EarlierLattice />
          <NatsContexts />
        </ChoiceCard>
        <ChoiceCard
          title="Just this machine"
          text="Run agents here. No hub to share and no port open to the network."
          shortcut="3"
          figure={<AloneFigure />}
          on={on === 'alone'}
          onPoint={() => setOn('alone')}
          problem={alone.error !== null && <ErrorProblem error={alone.error} />}
        >
          <Button
            icon={Laptop}
            className="h-36"
            busy={alone.isPending}
            busyLabel="Starting"
            onClick={() => alone.mutate(undefined)}
          >
            Use it here
          </Button>
        </ChoiceCard>
      </div>
      <div className="mt-32">
        <Checks />
      </div>
    </div>
  );
}
