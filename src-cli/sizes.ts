import { InvalidArgumentError } from 'commander';

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

/** Reads `512m`, `2g` or plain bytes into bytes for an option. */
export function sizeOption(text: string): number {
  const [, amount, unit] = /^(\d{1,12}(?:\.\d{1,3})?)\s*([kmgt]?)(?:i?b)?$/i.exec(text.trim()) ?? [];
  const bytes = Math.round(Number(amount) * (UNITS[unit?.toLowerCase() ?? ''] ?? Number.NaN));
  if (!Number.isSafeInteger(bytes) || bytes < 1)
    throw new InvalidArgumentError('Use a size such as 512m or 2g.');
  return bytes;
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
