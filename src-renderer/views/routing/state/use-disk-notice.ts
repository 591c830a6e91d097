import { useEffect, useRef } from 'react';
import type { RoutingFiles } from '../../../../src-shared/views/routing.ts';
import { useLivePart } from '../../../data/live.ts';
import { toast } from '../../../ui/toast.tsx';
import { dirtyScopes, useDraft } from './draft-store.ts';

/** Says so when a file of the configuration was changed on disk by anything but a save of this window. */
export function useDiskNotice(): void {
  const files = useLivePart('routing.files', (state) => state.items.get('files'));
  const last = useRef<RoutingFiles>(undefined);
  useEffect(() => {
    const before = last.current;
    last.current = files;
    if (files === undefined || before === undefined || before.project_dir !== files.project_dir) return;
    const { sent } = useDraft.getState();
    for (const { scope, name, text, digest } of files.layers) {
      const then = before.layers.find((layer) => layer.scope === scope);
      if (then === undefined || then.digest === digest || sent[scope] === text) continue;
      toast({
        status: 'queued',
        title: `${name} was changed on disk`,
        text: dirtyScopes(useDraft.getState()).includes(scope)
          ? 'Your changes are kept. Routing asks which ones to take.'
          : 'The next calls go by it.',
      });
    }
  }, [files]);
}
