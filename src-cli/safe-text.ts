const ESCAPES = new RegExp(
  [
    // Operating system commands, device control strings and the like, with their text.
    '\\u001b[\\]PX^_][^\\u0007\\u001b]*(?:\\u0007|\\u001b\\\\)?',
    // Control sequences; those for colour and weight (ending with m) are harmless and stay.
    '(?:\\u001b\\[|\\u009b)[0-?]*[ -/]*[@-ln-~]',
    // Any other escape.
    '\\u001b(?!\\[[0-?]*m)[ -~]?',
  ].join('|'),
  'g',
);
const ESC = String.fromCharCode(27);
const CONTROLS = new RegExp(`[^\\P{Cc}\\n\\t${ESC}]`, 'gu');

/** Text of an agent as it may go to a terminal: lines, tabs and colours stay, what could steer the terminal goes. */
export function safeText(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll('\r', '\n').replace(ESCAPES, '').replace(CONTROLS, '');
}
