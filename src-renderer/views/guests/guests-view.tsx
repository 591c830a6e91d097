import { useNavigate } from '@tanstack/react-router';
import { CircleAlert, Network, Plus, X } from 'lucide-react';
import { type ReactNode, useCallback, useMemo, useRef, useState } from 'react';
import type { ErrorShape } from '../../../src-shared/errors.ts';
import type { GuestView } from '../../../src-shared/views/guest.ts';
import { type Command, runCommand, useCommands } from '../../app/commands.ts';
import { useCompact } from '../../app/use-compact.ts';
import { useRemembered } from '../../data/view-state.ts';
import { Banner, LinkButton } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { FilterField } from '../../ui/input.tsx';
import { Page, Toolbar } from '../../ui/page.tsx';
import { Empty, Failure, Loading } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { guestColumns } from './guest-columns.tsx';
import { type GuestAction, GuestDialogs } from './guest-dialogs.tsx';
import { GuestPanel } from './guest-panel.tsx';
import { filterGuests } from './guest-words.ts';
import { useGuests } from './use-guests.ts';

const ABOUT =
  'A guest lattice lets another team use this hub, so that it needs none of its own. It is closed off: nobody on one lattice sees or disturbs another, and limits keep its share small.';

/** The lattices of others that the hub here carries: what they use, who is on them, and all that changes them. */
export function GuestsView(): ReactNode {
  const { data, error, refetch } = useGuests();
  const [action, setAction] = useState<GuestAction | undefined>(undefined);
  const close = useCallback(() => setAction(undefined), []);
  const lattices = data?.lattices ?? [];
  const closed = data?.closed;
  const reason = closed === undefined ? undefined : `${closed.message} ${closed.hint ?? ''}`.trim();
  useAddCommand(reason, setAction);
  return (
    <Page
      title="Guest lattices"
      meta={data !== undefined && lattices.length > 0 ? `${lattices.length} on this hub` : undefined}
      actions={
        <>
          <Button onClick={() => void runCommand('go.hub')}>Hub</Button>
          {data !== undefined && lattices.length > 0 && (
            <Button
              icon={Plus}
              variant="main"
              disabledReason={reason}
              onClick={() => setAction({ kind: 'add' })}
            >
              Add a lattice
            </Button>
          )}
        </>
      }
    >
      {data === undefined && error === null && <Loading label="Loading the guest lattices" />}
      {data === undefined && error !== null && (
        <Failure
          icon={CircleAlert}
          title="The guest lattices cannot be read"
          error={error}
          actions={<Button onClick={() => void refetch()}>Try again</Button>}
        />
      )}
      {data !== undefined && lattices.length === 0 && (
        <NoGuests closed={closed} onAdd={() => setAction({ kind: 'add' })} />
      )}
      {lattices.length > 0 && (
        <>
          {closed !== undefined && (
            <Banner status="late" action={<WayOn closed={closed} />}>
              {closed.message}
            </Banner>
          )}
          <Guests lattices={lattices} onAction={setAction} />
        </>
      )}
      <GuestDialogs action={action} onAction={setAction} onClose={close} />
    </Page>
  );
}

/** The way out of what keeps a lattice from being added, when the window has one. */
function WayOn({ closed }: { closed: ErrorShape }): ReactNode {
  if (closed.code === 'unsafe')
    return <LinkButton onClick={() => void runCommand('hub.invite')}>Share the hub</LinkButton>;
  if (closed.code === 'hub_failed')
    return <LinkButton onClick={() => void runCommand('hub.start')}>Start the hub</LinkButton>;
  return null;
}

function NoGuests({ closed, onAdd }: { closed: ErrorShape | undefined; onAdd(): void }): ReactNode {
  const navigate = useNavigate();
  if (closed === undefined)
    return (
      <Empty
        icon={Network}
        title="No guest lattices yet"
        text={ABOUT}
        actions={
          <Button variant="main" onClick={onAdd}>
            Add a lattice
          </Button>
        }
      />
    );
  return (
    <Empty
      icon={Network}
      title="No guest lattices here"
      text={
        <>
          {ABOUT}
          <span className="mt-8 block">
            {closed.message} {closed.hint}
          </span>
        </>
      }
      actions={
        closed.code === 'unsafe' ? (
          <Button variant="main" onClick={() => void runCommand('hub.invite')}>
            Share the hub
          </Button>
        ) : (
          <Button variant="main" onClick={() => void navigate({ to: '/hub' })}>
            Go to the hub
          </Button>
        )
      }
    />
  );
}

function Guests(props: { lattices: readonly GuestView[]; onAction(action: GuestAction): void }): ReactNode {
  const { lattices, onAction } = props;
  const [text, setText] = useRemembered('guests.filter', '');
  const [selected, setSelected] = useState<string | undefined>(undefined);
  const [open, setOpen] = useState<string | undefined>(undefined);
  const list = useRef<HTMLDivElement>(null);
  const compact = useCompact();
  const lattice = lattices.find(({ org }) => org === open);
  const set = compact ? 'compact' : lattice === undefined ? 'all' : 'beside';
  const show = useCallback((org: string) => {
    setSelected(org);
    setOpen(org);
  }, []);
  const columns = useMemo(
    () => guestColumns({ set, onOpen: show, onChange: onAction }),
    [set, show, onAction],
  );
  const shown = useMemo(() => filterGuests(lattices, text), [lattices, text]);
  const close = useCallback(() => {
    setOpen(undefined);
    list.current?.querySelector<HTMLElement>('[role="grid"]')?.focus();
  }, []);
  useCloseCommand(lattice !== undefined, close);
  return (
    <div className="relative flex min-h-0 flex-1">
      <div ref={list} data-region tabIndex={-1} className="flex min-w-0 flex-1 flex-col outline-none">
        <Toolbar>
          <FilterField label="Filter lattices" value={text} onChange={setText} />
          {text.trim() !== '' && (
            <span role="status" className="figures text-small text-3">
              {shown.length} of {lattices.length}
            </span>
          )}
        </Toolbar>
        {shown.length === 0 ? (
          <Empty
            icon={Network}
            title="No lattice fits"
            text="The filter looks at name, org and state."
            actions={<Button onClick={() => setText('')}>Clear the filter</Button>}
          />
        ) : (
          <Table
            label="Guest lattices"
            columns={columns}
            rows={shown}
            rowKey={({ org }) => org}
            selected={selected}
            onSelect={open === undefined ? setSelected : show}
            onOpen={show}
            className="flex-1 text-2"
          />
        )}
      </div>
      {lattice !== undefined && (
        <GuestPanel key={lattice.org} lattice={lattice} onChange={onAction} onClose={close} />
      )}
    </div>
  );
}

function useAddCommand(disabledReason: string | undefined, onAction: (action: GuestAction) => void): void {
  const commands = useMemo<readonly Command[]>(
    () => [
      {
        id: 'guests.add',
        title: 'Add a guest lattice',
        group: 'This view',
        icon: Plus,
        disabledReason,
        run: () => onAction({ kind: 'add' }),
      },
    ],
    [disabledReason, onAction],
  );
  useCommands(commands);
}

function useCloseCommand(isOpen: boolean, close: () => void): void {
  const commands = useMemo<readonly Command[]>(
    () =>
      isOpen
        ? [
            {
              id: 'guest.close',
              title: 'Close the guest lattice',
              group: 'This view',
              icon: X,
              shortcut: 'Escape',
              run: close,
            },
          ]
        : [],
    [isOpen, close],
  );
  useCommands(commands);
}
