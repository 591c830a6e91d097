/** Takes the focus when it appears: for a field that a person just asked for. */
export function focusFirst(element: HTMLElement | null): void {
  element?.focus();
}
