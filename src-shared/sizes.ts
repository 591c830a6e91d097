const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

/** What fits where a size is asked for. */
export const SIZE_HINT = 'Use a size such as 512m or 2g.';

/** Reads `512m`, `2g`, `1.5 GiB` or plain bytes into bytes; undefined for what is no size. */
export function readSize(text: string): number | undefined {
  const [, amount, unit] = /^(\d{1,16}(?:\.\d{1,3})?)\s*([kmgt]?)(?:i?b)?$/i.exec(text.trim()) ?? [];
  const bytes = Math.round(Number(amount) * (UNITS[unit?.toLowerCase() ?? ''] ?? Number.NaN));
  return Number.isSafeInteger(bytes) && bytes > 0 ? bytes : undefined;
}

/** Bytes as a person reads them, such as `1.5 GiB`. */
export function sizeWords(bytes: number): string {
  let value = bytes;
  for (const unit of ['B', 'KiB', 'MiB', 'GiB']) {
    if (value < 1024) return `${unit === 'B' ? value : Number(value.toFixed(1))} ${unit}`;
    value /= 1024;
  }
  return `${Number(value.toFixed(1))} TiB`;
}

/** Bytes as text that `readSize` reads as the same number, in the largest unit that can say it. */
export function sizeText(bytes: number): string {
  const short = sizeWords(bytes);
  return readSize(short) === bytes ? short : String(bytes);
}
