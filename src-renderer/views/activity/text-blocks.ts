/** A block longer than this is cut, so that showing what is new never costs more than this, in characters. */
const MAX_BLOCK = 8_000;

const FENCE = /^ {0,3}(`{3,}|~{3,})([^`]*)$/;

/** Growing markdown as blocks that are whole, and a rest that may still change. */
export interface TextBlocks {
  done: string[];
  rest: string;
}

/**
 * Cuts markdown at empty lines outside of fenced code. A block of code that is too long goes on in the next block
 * under the same fence, so that each block can be shown on its own.
 */
export function splitBlocks(text: string): TextBlocks {
  const done: string[] = [];
  let start = 0;
  let fence: { mark: string; line: string } | undefined;
  let prefix = '';
  let at = 0;
  const close = (end: number, tail = '') => {
    const block = prefix + text.slice(start, end) + tail;
    if (block.trim() !== '') done.push(block);
    start = end;
    prefix = '';
  };
  while (at < text.length) {
    const end = text.indexOf('\n', at);
    const whole = end >= 0;
    const next = whole ? end + 1 : text.length;
    const line = text.slice(at, whole ? end : next);
    if (whole) {
      const mark = FENCE.exec(line.trimEnd());
      if (fence && mark?.[2] === '' && mark[1]?.startsWith(fence.mark)) fence = undefined;
      else if (!fence && mark?.[1]) fence = { mark: mark[1], line };
      else if (!fence && line.trim() === '') {
        close(next);
        at = next;
        continue;
      }
    }
    while (next - start > MAX_BLOCK && (at > start || next - at > MAX_BLOCK)) {
      const cut = at > start ? at : cutAt(text, start + MAX_BLOCK);
      close(cut, fence ? `${fence.mark}\n` : '');
      prefix = fence ? `${fence.line}\n` : '';
      at = Math.max(at, cut);
    }
    at = next;
  }
  return { done, rest: prefix + text.slice(start) };
}

/** Never between the two halves of a character. */
function cutAt(text: string, at: number): number {
  const unit = text.charCodeAt(at - 1);
  return unit >= 0xd800 && unit <= 0xdbff ? at - 1 : at;
}
