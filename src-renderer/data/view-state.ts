import { create } from 'zustand';

/** What the window shows that is nobody else's business: kept in this window, forgotten with it. */
export interface ViewState {
  density: 'compact' | 'comfortable';
  singleKeys: boolean;
  railFolded: boolean;
  layer: 'none' | 'palette' | 'shortcuts';
  /** What the palette starts with. */
  palettePrefix: string;
  /** Ways to look at a list, by a name of the view, for example its filter or the columns it sorts by. */
  remembered: Readonly<Record<string, string>>;
}

/** State of the window's own look and layers. */
export const useViewState = create<ViewState>()(() => ({
  density: 'compact',
  singleKeys: true,
  railFolded: false,
  layer: 'none',
  palettePrefix: '',
  remembered: {},
}));

/** Like `useState` for a text that outlives the view, for example a filter. */
export function useRemembered(name: string, initial: string): [string, (value: string) => void] {
  const value = useViewState((state) => state.remembered[name] ?? initial);
  const set = (next: string) =>
    useViewState.setState((state) => ({ remembered: { ...state.remembered, [name]: next } }));
  return [value, set];
}
