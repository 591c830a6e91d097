import { LatticeError } from '../../src-shared/errors.ts';

/**
 * The address that may be handed to the system's browser: https, with a host, without a user or hidden characters.
 * @throws LatticeError `unsafe` for anything else.
 */
export function parseExternalUrl(text: string): string {
  const hasHiddenCharacters = [...text].some((character) => {
    const code = character.codePointAt(0) ?? 0;
    return code <= 0x20 || (code >= 0x7f && code <= 0x9f);
  });
  const url = !hasHiddenCharacters && URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:' || url.hostname === '' || url.username !== '' || url.password !== '')
    throw new LatticeError('unsafe', 'Only https addresses open in the browser.', {
      hint: 'Copy the address and open it yourself if you trust it.',
    });
  return url.href;
}
