import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useAnswer } from '../data/queries.ts';
import { useViewState } from '../data/view-state.ts';

/**
 * Puts density and single-key shortcuts from the settings to work. The theme comes to the page from main as the colour
 * scheme of the app, so that it is right before the first paint and whoever changed it.
 */
export function useAppearance(): void {
  const client = useQueryClient();
  const values = useAnswer('settings.get').data?.values;
  useEffect(() => {
    if (values === undefined) return;
    const { density, single_key_shortcuts: singleKeys } = values;
    useViewState.setState({ density, singleKeys });
    document.documentElement.dataset.density = density;
  }, [values]);
  useEffect(() => {
    const scheme = window.matchMedia('(prefers-color-scheme: dark)');
    const askAgain = () => void client.invalidateQueries({ queryKey: ['settings.get'] });
    scheme.addEventListener('change', askAgain);
    return () => scheme.removeEventListener('change', askAgain);
  }, [client]);
}
