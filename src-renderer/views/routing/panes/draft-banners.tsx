import { type ReactNode, useState } from 'react';
import type { LayerScope } from '../../../../src-shared/views/routing.ts';
import { Banner, LinkButton } from '../../../ui/banner.tsx';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { DiffPane } from '../code/lazy-diff.tsx';
import { settleConflict } from '../state/draft-actions.ts';
import { reveals, useDraft } from '../state/draft-store.ts';

/** What stands in the way: a file that changed on disk, a text that cannot be read, a file that cannot be read. */
export function DraftBanners(): ReactNode {
  const files = useDraft((state) => state.files);
  const conflicts = useDraft((state) => state.conflicts);
  const reading = useDraft((state) => state.reading);
  const [comparing, setComparing] = useState<LayerScope>();
  const unreadable =
    reading?.readable === false ? reading.diagnostics.find((each) => each.severity === 'error') : undefined;
  const nameOf = (scope: LayerScope) =>
    files?.layers.find((each) => each.scope === scope)?.name ?? 'The file';
  return (
    <>
      {(Object.keys(conflicts) as LayerScope[]).map((scope) => (
        <Banner
          key={scope}
          status="escalated"
          action={
            <span className="flex items-center gap-8">
              <Button size="small" onClick={() => setComparing(scope)}>
                Compare
              </Button>
              <Button size="small" onClick={() => settleConflict(scope, 'theirs')}>
                Take the one on disk
              </Button>
              <Button size="small" onClick={() => settleConflict(scope, 'mine')}>
                Keep mine
              </Button>
            </span>
          }
        >
          {nameOf(scope)} changed on disk while you edited it. Nothing is lost: choose which one goes on.
        </Banner>
      ))}
      {files?.layers.map(({ scope, problem, name }) =>
        problem === undefined ? null : (
          <Banner key={scope} status="failed">
            {name} cannot be read. {problem}
          </Banner>
        ),
      )}
      {unreadable !== undefined && (
        <Banner
          status="failed"
          action={
            <LinkButton
              onClick={() => {
                useDraft.setState({ scope: unreadable.scope });
                reveals.emit({ scope: unreadable.scope, path: unreadable.path, focus: true });
              }}
            >
              Go to line {unreadable.line}
            </LinkButton>
          }
        >
          The text cannot be read: line {unreadable.line}, {unreadable.message} The picture shows it as it
          last was.
        </Banner>
      )}
      {comparing !== undefined && conflicts[comparing] !== undefined && (
        <Compare scope={comparing} name={nameOf(comparing)} onClose={() => setComparing(undefined)} />
      )}
    </>
  );
}

function Compare(props: { scope: LayerScope; name: string; onClose(): void }): ReactNode {
  const { scope, name, onClose } = props;
  const onDisk = useDraft((state) => state.conflicts[scope]?.text ?? '');
  const mine = useDraft((state) => state.texts[scope] ?? '');
  const settle = (keep: 'mine' | 'theirs') => {
    settleConflict(scope, keep);
    onClose();
  };
  return (
    <Dialog
      open
      width={820}
      onClose={onClose}
      title={`${name} on disk and as you edited it`}
      text="Red is what is on disk now, green is what you have here. Taking the one on disk can be undone."
      safe={<Button onClick={onClose}>Decide later</Button>}
      actions={
        <>
          <Button onClick={() => settle('theirs')}>Take the one on disk</Button>
          <Button variant="main" onClick={() => settle('mine')}>
            Keep mine
          </Button>
        </>
      }
    >
      <DiffPane before={onDisk} after={mine} label="Differences" />
    </Dialog>
  );
}
