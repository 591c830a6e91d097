import { Link } from 'lucide-react';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { isJoinLink } from '../../../src-shared/join-link.ts';
import { HubCheckDialog } from '../../app/hub-check-dialog.tsx';
import { call, useAction } from '../../data/queries.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Input } from '../../ui/input.tsx';
import { readAddress } from './address.ts';
import { LinkOffer } from './link-offer.tsx';
import { ErrorProblem, Problem } from './problem.tsx';

/** Takes a join link, or the address of a hub and a key when the hub wants one. */
export function JoinForm({ link, focus }: { link: string | undefined; focus: number }): ReactNode {
  const [text, setText] = useState(link ?? '');
  const [key, setKey] = useState('');
  const [tried, setTried] = useState(link !== undefined);
  const [checking, setChecking] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const join = useAction('node.join');
  const address = readAddress(text);
  const isLink = isJoinLink(text);
  const wantsKey = join.error?.code === 'auth_failed';
  useEffect(() => {
    if (focus > 0) field.current?.focus();
  }, [focus]);

  const submit = (typed: string) => {
    setTried(true);
    // A link is shown first; joining is another press.
    if (isJoinLink(typed)) return;
    const found = readAddress(typed);
    if (!found.ok) return;
    join.mutate({ url: found.url, ...(key === '' ? {} : { auth: { token: key } }) });
  };
  const paste = async () => {
    const pasted = (await call('app.paste')).trim();
    setText(pasted);
    submit(pasted);
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    submit(text);
  };
  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-8">
      <div className="flex h-36 items-center gap-8 rounded-control border border-control bg-page pr-6 pl-10 focus-within:border-accent-text">
        <Icon icon={Link} size={14} className="text-3" />
        <input
          ref={field}
          type="text"
          aria-label="Address of the hub"
          placeholder="lattice://join#… or nats://host:4222"
          spellCheck={false}
          autoComplete="off"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            join.reset();
          }}
          className="min-w-0 flex-1 bg-transparent font-mono text-mono text-1 outline-none select-text"
        />
        {text.trim() === '' ? (
          <Button size="small" onClick={() => void paste()}>
            Paste
          </Button>
        ) : isLink ? null : (
          <Button
            size="small"
            type="submit"
            variant={address.ok ? 'main' : 'outlined'}
            busy={join.isPending}
            busyLabel="Joining"
          >
            Join
          </Button>
        )}
      </div>
      {wantsKey && (
        <Input
          type="password"
          aria-label="Key of the lattice"
          placeholder="Key of the lattice"
          value={key}
          onChange={(event) => setKey(event.target.value)}
        />
      )}
      {!isLink && address.ok && (
        <Button size="small" variant="plain" className="self-start" onClick={() => setChecking(true)}>
          Check what it allows
        </Button>
      )}
      {checking && address.ok && (
        <HubCheckDialog
          target={{ url: address.url, ...(key === '' ? {} : { auth: { token: key } }) }}
          onClose={() => setChecking(false)}
        />
      )}
      {isLink && <LinkOffer key={text.trim()} link={text.trim()} />}
      {tried && !isLink && text.trim() !== '' && !address.ok && (
        <Problem>
          {address.error}{' '}
          {address.suggestion !== undefined && (
            <button
              type="button"
              className="font-medium text-accent-text hover:underline"
              onClick={() => {
                setText(address.suggestion ?? '');
                submit(address.suggestion ?? '');
              }}
            >
              Use {address.suggestion}
            </button>
          )}
        </Problem>
      )}
      {join.error !== null && <ErrorProblem error={join.error} />}
    </form>
  );
}
