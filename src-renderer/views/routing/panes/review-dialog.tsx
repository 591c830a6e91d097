import type { ReactNode } from 'react';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { DiffPane } from '../code/lazy-diff.tsx';
import { discard, save } from '../state/draft-actions.ts';
import { dirtyScopes, useDraft } from '../state/draft-store.ts';

/** What a save would write, file by file, before it is written. */
export function ReviewDialog({ onClose }: { onClose(): void }): ReactNode {
  const base = useDraft((state) => state.base);
  const texts = useDraft((state) => state.texts);
  const files = useDraft((state) => state.files);
  const saving = useDraft((state) => state.saving);
  const dirty = dirtyScopes({ base, texts });
  return (
    <Dialog
      open
      width={820}
      onClose={onClose}
      title="Review changes"
      text="Only these lines change. Comments, order and spacing of all others stay as they are."
      safe={
        <Button
          variant="danger"
          onClick={() => {
            discard();
            onClose();
          }}
        >
          Discard changes
        </Button>
      }
      actions={
        <>
          <Button onClick={onClose}>Go on editing</Button>
          <Button
            variant="main"
            busy={saving}
            busyLabel="Saving"
            disabledReason={dirty.length === 0 ? 'Nothing changed.' : undefined}
            onClick={() => void save().then((done) => done && onClose())}
          >
            Save
          </Button>
        </>
      }
    >
      <div className="flex max-h-480 flex-col gap-12 overflow-y-auto">
        {dirty.map((scope) => (
          <section key={scope} aria-label={files?.layers.find((each) => each.scope === scope)?.name}>
            <h3 className="pb-6 text-small font-semibold text-1">
              {files?.layers.find((each) => each.scope === scope)?.name}
            </h3>
            <DiffPane
              before={base[scope]?.text ?? ''}
              after={texts[scope] ?? ''}
              label={`Changes of ${scope}`}
            />
          </section>
        ))}
        {dirty.length === 0 && <p className="text-body text-2">Nothing changed.</p>}
      </div>
    </Dialog>
  );
}
