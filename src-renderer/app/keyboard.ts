import { useEffect } from 'react';
import { useViewState } from '../data/view-state.ts';
import { isSingleKey, isTyping, matchesKey } from '../ui/keys.ts';
import { allCommands, shortcutsOf } from './commands.ts';

/** What takes all keys while it is open; one that still fades away does not. */
const MODAL =
  ':is([role="dialog"][aria-modal="true"], [role="alertdialog"], [data-palette]):not([data-closed])';

/** Runs the command whose keys were pressed, as long as nothing nearer took them. */
function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || event.repeat) return;
  const typing = isTyping(event.target);
  const singles = useViewState.getState().singleKeys && !typing;
  const blocked = document.querySelector(MODAL) !== null;
  for (const command of allCommands()) {
    const keys = shortcutsOf(command).find((shortcut) => matchesKey(event, shortcut));
    if (keys === undefined || (isSingleKey(keys) && !singles) || blocked) continue;
    if (command.disabledReason !== undefined) continue;
    event.preventDefault();
    command.run();
    return;
  }
}

/** Listens for the keys of all commands. */
export function useKeyboard(): void {
  useEffect(() => {
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}

/** Moves the focus to the next of the regions of the window, or the one before. */
export function focusRegion(step: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')];
  const current = regions.findIndex((region) => region.contains(document.activeElement));
  const start = current < 0 && step < 0 ? 0 : current;
  const next = regions[(start + step + regions.length) % regions.length];
  const stop = next?.querySelector<HTMLElement>(
    '[aria-current], button:not([disabled]), [href], input, [tabindex="0"]',
  );
  (stop ?? next)?.focus();
}

/** Clicks or focuses the first element of the view that carries the mark, for example `data-filter-field`. */
export function reach(mark: 'data-filter-field' | 'data-output-search' | 'data-output-follow'): void {
  const element = document.querySelector<HTMLElement>(`main [${mark}]`);
  if (mark === 'data-filter-field') element?.focus();
  else element?.click();
}
