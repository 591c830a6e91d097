import { Bot, FolderOpen, Search } from 'lucide-react';
import { type ReactNode, useCallback } from 'react';
import { runCommand } from '../../app/commands.ts';
import { useNode } from '../../data/live.ts';
import { useAction } from '../../data/queries.ts';
import { Button } from '../../ui/button.tsx';
import { Code } from '../../ui/code.tsx';
import { plural } from '../../ui/format.ts';
import { Empty } from '../../ui/states.tsx';
import { toast, toastError } from '../../ui/toast.tsx';

/** Writes the demo agents into the project folder and says what came of it. */
export function useDemoAgents(): { write(): void; busy: boolean } {
  const { mutate, isPending } = useAction('project.init');
  const write = useCallback(
    () =>
      mutate(undefined, {
        onSuccess: ({ folder, written }) =>
          toast({ status: 'completed', title: `${plural(written.length, 'file')} written`, text: folder }),
        onError: (error) => toastError('The demo agents were not written', error),
      }),
    [mutate],
  );
  return { write, busy: isPending };
}

/** What stands there while no station offers an agent. */
export function NoAgents(): ReactNode {
  const folder = useNode()?.project_dir;
  const demo = useDemoAgents();
  return (
    <Empty
      icon={Bot}
      title="No agents yet"
      text={
        <>
          Agents come from <Code>lattice.yaml</Code> and from prompt files in{' '}
          <Code>{folder ?? 'the project folder'}</Code>. The demo agents need no key and no network.
        </>
      }
      actions={
        <>
          <Button variant="main" busy={demo.busy} busyLabel="Writing" onClick={demo.write}>
            Write demo agents
          </Button>
          <Button icon={FolderOpen} onClick={() => void runCommand('agents.folder')}>
            Open agents folder
          </Button>
        </>
      }
    />
  );
}

/** What stands there while the filter leaves nothing. */
export function NothingFound({ onClear }: { onClear(): void }): ReactNode {
  return (
    <Empty
      icon={Search}
      title="No agent fits the filter"
      text="Other words, another capability or another station may."
      actions={
        <Button variant="main" onClick={onClear}>
          Clear the filter
        </Button>
      }
    />
  );
}
