/**
 * Takes the arguments of this process out of the list of processes, where others could read a secret in them. Windows
 * shows them all the same.
 */
export function hideArguments(title: string): void {
  process.title = title;
}
