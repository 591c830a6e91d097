import { toastError } from '../ui/toast.tsx';
import { call } from './queries.ts';

/** Opens a web address in the person's browser, and says so when that fails. */
export function openLink(url: string): void {
  call('app.openExternal', { url }).catch((error: unknown) => toastError('The link was not opened', error));
}
