import { useEffect } from 'react';
import { useAnswer } from '../data/queries.ts';
import { useViewState } from '../data/view-state.ts';

/** Puts theme, density and single-key shortcuts from the settings to work. */
export function useAppearance(): void {
  const values = useAnswer('settings.get').data?.values;
  useEffect(() => {
    if (values === undefined) return;
    const { theme, density, single_key_shortcuts: singleKeys } = values;
    useViewState.setState({ theme, density, singleKeys });
    document.documentElement.dataset.density = density;
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }, [values]);
}
