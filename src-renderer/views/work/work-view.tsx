import { useNavigate, useParams } from '@tanstack/react-router';
import { Activity, Bell, Plus } from 'lucide-react';
import { type ReactNode, useRef } from 'react';
import { useWorkGroup } from '../../data/works.ts';
import { Button } from '../../ui/button.tsx';
import { count } from '../../ui/format.ts';
import { Page } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';
import { WorkDetail } from './detail/work-detail.tsx';
import { GiveSheet } from './give/give-sheet.tsx';
import { openGive } from './give/give-state.ts';
import { WorkList } from './list/work-list.tsx';
import { useSettled } from './use-settled.ts';

/** How long the selection rests before its detail is asked for, in milliseconds. */
const REST_MS = 80;

function NeedsYou(): ReactNode {
  const navigate = useNavigate();
  const waiting = useWorkGroup('needs_you');
  const first = waiting[0];
  if (first === undefined) return null;
  return (
    <Button
      variant="plain"
      icon={Bell}
      onClick={() => void navigate({ to: '/work/$workId', params: { workId: first.id } })}
    >
      {count(waiting.length)} {waiting.length === 1 ? 'needs' : 'need'} you
    </Button>
  );
}

/** All work on the lattice, and one work in full. */
export function WorkView(): ReactNode {
  const { workId } = useParams({ strict: false });
  const shown = useSettled(workId, REST_MS);
  const detail = useRef<HTMLElement>(null);
  return (
    <Page
      title="Work"
      actions={
        <>
          <NeedsYou />
          <Button variant="main" icon={Plus} shortcut="N" onClick={() => openGive()}>
            Give work
          </Button>
        </>
      }
    >
      <div className="flex min-h-0 flex-1">
        <WorkList selected={workId} onOpen={() => detail.current?.focus()} />
        <section
          ref={detail}
          aria-label="Work in detail"
          data-region
          tabIndex={-1}
          className="flex min-w-0 flex-1 flex-col outline-none"
        >
          {shown === undefined ? (
            <Empty
              icon={Activity}
              title="One work in full"
              text="Choose a work to see how it goes and why."
            />
          ) : (
            <WorkDetail key={shown} id={shown} />
          )}
        </section>
      </div>
      <GiveSheet />
    </Page>
  );
}
