import { ArrowDownToLine, Search } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, type RefObject, useCallback, useMemo, useState } from 'react';
import { Chip } from './chip.tsx';
import { Icon } from './icon.tsx';
import { OutputSearch } from './output-search.tsx';

export interface FollowedTextOptions {
  /** What scrolls. */
  frame: RefObject<HTMLElement | null>;
  /** How near to the end counts as the end, in pixels. */
  nearEnd: number;
  /** Places in which a text is, in lower case, from the start; the same function as long as the text is the same. */
  find(wanted: string): number[];
}

/** Live text that follows its end until a person scrolls up or searches in it. */
export interface FollowedText {
  following: boolean;
  /** Goes away from the end to show something else. */
  leave(): void;
  /** The place of the hit that is shown. */
  current: number | undefined;
  /** Search and follow, for the head. */
  controls: ReactNode;
  onScroll(): void;
  /** Keys of the text itself: up leaves the end, F follows it again. */
  onTextKey(event: KeyboardEvent<HTMLElement>): void;
  /** Keys of the region: Ctrl F searches. */
  onKey(event: KeyboardEvent<HTMLElement>): void;
}

export function useFollowedText({ frame, nearEnd, find }: FollowedTextOptions): FollowedText {
  const [following, setFollowing] = useState(true);
  const [query, setQuery] = useState<string>();
  const [hit, setHit] = useState(0);
  const hits = useMemo(
    () => (query === undefined || query === '' ? [] : find(query.toLowerCase())),
    [find, query],
  );
  const place = Math.min(hit, hits.length - 1);
  const leave = useCallback(() => setFollowing(false), []);
  const search = () => setQuery((before) => before ?? '');
  const controls = (
    <>
      {query === undefined ? (
        <Chip data-output-search className="border-transparent bg-transparent" onClick={search}>
          <Icon icon={Search} size={12} />
          Search
        </Chip>
      ) : (
        <OutputSearch
          query={query}
          onQuery={setQuery}
          hit={place + 1}
          hits={hits.length}
          onMove={(by) =>
            setHit((before) => (hits.length === 0 ? 0 : (before + by + hits.length) % hits.length))
          }
          onClose={() => {
            setQuery(undefined);
            frame.current?.focus();
          }}
        />
      )}
      <Chip
        data-output-follow
        aria-pressed={following}
        className={following ? 'text-1' : 'border-transparent bg-transparent'}
        onClick={() => setFollowing(!following)}
      >
        <Icon icon={ArrowDownToLine} size={12} />
        {following ? 'Following' : 'Follow'}
      </Chip>
    </>
  );
  return {
    following,
    leave,
    current: hits[place],
    controls,
    onScroll: () => {
      const box = frame.current;
      if (box === null || query !== undefined) return;
      if (box.scrollHeight - box.scrollTop - box.clientHeight < nearEnd) setFollowing(true);
    },
    onTextKey: (event) => {
      if (['ArrowUp', 'PageUp', 'Home'].includes(event.key)) setFollowing(false);
      else if (event.key === 'f' && !event.ctrlKey && !event.metaKey) setFollowing(!following);
    },
    onKey: (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.key !== 'f') return;
      event.preventDefault();
      search();
    },
  };
}
