import { styleText } from 'node:util';
import { processSecrets } from '../src-main/secrets/process-secrets.ts';
import { type ErrorShape, LatticeError } from '../src-shared/errors.ts';

/** Exit codes of every command. */
export const EXIT_FAILED = 1;
export const EXIT_USAGE = 2;

/** Where a command writes: one JSON envelope under `--json`, words for people otherwise. */
export interface Output {
  readonly json: boolean;
  /** Whether a person watches: progress may redraw lines. */
  readonly live: boolean;
  /** The one result of a command; `human` is printed without `--json`. */
  result(data: unknown, human: () => string): void;
  /** A line while the command goes on; nothing under `--json`. */
  line(text: string): void;
  /** Part of an agent's output, as it comes; nothing under `--json`. */
  write(text: string): void;
  error(error: unknown): void;
}

type Style = Parameters<typeof styleText>[0];

export function createOutput(json: boolean): Output {
  return {
    json,
    live: process.stdout.isTTY === true && !json,
    result(data, human) {
      process.stdout.write(json ? `${JSON.stringify({ ok: true, data })}\n` : ensureNewline(human()));
    },
    line(text) {
      if (!json) process.stdout.write(`${processSecrets.redact(text)}\n`);
    },
    write(text) {
      if (!json) process.stdout.write(text);
    },
    error(thrown) {
      const shape = processSecrets.redactAll(LatticeError.from(thrown).toShape());
      if (json) process.stdout.write(`${JSON.stringify({ ok: false, error: shape })}\n`);
      else process.stderr.write(humanError(shape));
    },
  };
}

function humanError(shape: ErrorShape): string {
  const hint = shape.hint
    ? `${shape.hint
        .split('\n')
        .map((line) => `  ${line}`)
        .join('\n')}\n`
    : '';
  return `${paint('red', 'error')} ${shape.message}\n${hint}`;
}

function ensureNewline(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

/** Colours text when a person watches and has not said otherwise (`NO_COLOR`). */
export function paint(style: Style, text: string): string {
  const stream = process.stdout.isTTY ? process.stdout : process.stderr;
  return stream.isTTY && !process.env.NO_COLOR ? styleText(style, text) : text;
}

/** Columns as wide as their widest cell; the last one is never padded. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => visibleLength(row[column] ?? ''))),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        column === cells.length - 1
          ? cell
          : cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - visibleLength(cell))),
      )
      .join('  ')
      .trimEnd();
  return [paint('dim', line(head)), ...rows.map(line)].join('\n');
}

function visibleLength(text: string): number {
  return text.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g'), '').length;
}

/** Cuts text to `width` with an ellipsis. */
export function cut(text: string, width: number): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= width ? line : `${line.slice(0, width - 1)}…`;
}
