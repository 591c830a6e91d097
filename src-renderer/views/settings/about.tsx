import type { ReactNode } from 'react';
import { runCommand } from '../../app/commands.ts';
import { useAction, useAnswer } from '../../data/queries.ts';
import { LinkButton } from '../../ui/banner.tsx';
import { Code } from '../../ui/code.tsx';
import { toastError } from '../../ui/toast.tsx';
import { Section } from './section.tsx';

function Fact({ name, children }: { name: string; children: ReactNode }): ReactNode {
  return (
    <div className="grid grid-cols-[112px_minmax(0,1fr)] items-baseline gap-x-16">
      <dt className="text-body text-2">{name}</dt>
      <dd className="flex min-w-0 items-baseline gap-10">{children}</dd>
    </div>
  );
}

/** Versions, and where files are. */
export function About(): ReactNode {
  const info = useAnswer('app.info').data;
  const reveal = useAction('app.reveal');
  if (info === undefined) return null;
  const show = (target: 'config' | 'data') => () =>
    reveal.mutate({ target }, { onError: (error) => toastError('The folder did not open', error) });
  return (
    <Section title="About">
      <dl className="flex flex-col gap-8">
        <Fact name="Lattice">
          <span className="takeable figures text-body text-1">{info.version}</span>
          <span className="text-small text-3">
            Electron {info.electron}, Node {info.node}
          </span>
        </Fact>
        <Fact name="Configuration">
          <Code className="truncate">{info.config_file}</Code>
          <LinkButton onClick={show('config')}>Show</LinkButton>
        </Fact>
        <Fact name="Data">
          <Code className="truncate">{info.data_dir}</Code>
          <LinkButton onClick={show('data')}>Show</LinkButton>
        </Fact>
        <Fact name="Log">
          <Code className="truncate">{info.log_file}</Code>
          <LinkButton onClick={() => runCommand('help.diagnostics')}>Export diagnostics</LinkButton>
        </Fact>
      </dl>
    </Section>
  );
}
