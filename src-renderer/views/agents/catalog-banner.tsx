import { FolderOpen } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { Problem } from '../../../src-shared/views/node.ts';
import { runCommand } from '../../app/commands.ts';
import { useNode } from '../../data/live.ts';
import { Banner, LinkButton } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Glyph } from '../../ui/glyph.tsx';
import { Time } from '../../ui/time.tsx';

const NONE: readonly Problem[] = [];

/** What is wrong in the files that define agents, as long as it is. */
export function CatalogBanner(): ReactNode {
  const all = useNode()?.problems ?? NONE;
  const problems = all.filter((problem) => problem.area === 'agents' || problem.area === 'config');
  const [open, setOpen] = useState(false);
  const first = problems.find((problem) => problem.severity === 'error') ?? problems[0];
  if (first === undefined) return null;
  const [detail = ''] = first.detail.split('\n');
  return (
    <>
      <Banner
        status={first.severity === 'error' ? 'failed' : 'late'}
        action={
          <LinkButton onClick={() => setOpen(true)}>
            {problems.length === 1 ? 'Details' : `All ${problems.length} problems`}
          </LinkButton>
        }
      >
        <span className="font-semibold">{first.title}.</span> {detail}
      </Banner>
      {open && <Problems problems={problems} onClose={() => setOpen(false)} />}
    </>
  );
}

function Problems({ problems, onClose }: { problems: readonly Problem[]; onClose(): void }): ReactNode {
  return (
    <Dialog
      open
      onClose={onClose}
      width={640}
      title="Problems of the agents here"
      text="Agents that were read before stay as they were. A corrected file counts within a second."
      safe={
        <Button icon={FolderOpen} onClick={() => void runCommand('agents.folder')}>
          Open agents folder
        </Button>
      }
      actions={
        <Button variant="main" onClick={onClose}>
          Close
        </Button>
      }
    >
      <ul className="max-h-400 divide-y divide-hairline overflow-y-auto rounded-card border border-border bg-surface">
        {problems.map((problem) => (
          <li key={problem.id} className="flex gap-10 px-12 py-10">
            <Glyph status={problem.severity === 'error' ? 'failed' : 'late'} size={13} className="mt-3" />
            <div className="min-w-0 flex-1">
              <p className="flex items-baseline gap-8 text-body font-semibold text-1">
                <span className="min-w-0 flex-1">{problem.title}</span>
                <span className="text-small font-normal text-3">
                  <Time at={problem.since} />
                </span>
              </p>
              <pre className="takeable overflow-x-auto font-mono text-mono whitespace-pre-wrap text-2">
                {problem.detail}
              </pre>
            </div>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
