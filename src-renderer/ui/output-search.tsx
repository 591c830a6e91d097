import { ArrowDown, ArrowUp, X } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { IconButton } from './icon-button.tsx';

export interface OutputSearchProps {
  query: string;
  onQuery(query: string): void;
  /** Which hit is shown, from 1; 0 when there is none. */
  hit: number;
  hits: number;
  onMove(by: 1 | -1): void;
  onClose(): void;
}

/** The search in an output: Enter goes to the next hit, Shift Enter back, Esc closes. */
export function OutputSearch({ query, onQuery, hit, hits, onMove, onClose }: OutputSearchProps): ReactNode {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  return (
    <div className="flex h-24 items-center gap-2 rounded-control border border-border bg-surface pl-8 focus-within:border-accent-text">
      <input
        ref={field}
        type="text"
        aria-label="Search in the output"
        placeholder="Search"
        value={query}
        onChange={(event) => onQuery(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onMove(event.shiftKey ? -1 : 1);
          else if (event.key === 'Escape') onClose();
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
        className="w-120 bg-transparent text-small text-1 outline-none select-text"
      />
      <span className="min-w-48 text-right text-small text-3" aria-live="polite">
        {query !== '' && `${hit} of ${hits}`}
      </span>
      <IconButton icon={ArrowUp} label="Previous hit" size={20} onClick={() => onMove(-1)} />
      <IconButton icon={ArrowDown} label="Next hit" size={20} onClick={() => onMove(1)} />
      <IconButton icon={X} label="Close the search" size={20} onClick={onClose} />
    </div>
  );
}
