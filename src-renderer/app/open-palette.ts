import { useViewState } from '../data/view-state.ts';

/** Opens the palette, narrowed by a prefix when one is given: `>` commands, `@` agents, `#` work. */
export function openPalette(prefix: '' | '>' | '@' | '#' = ''): void {
  useViewState.setState({ layer: 'palette', palettePrefix: prefix });
}
