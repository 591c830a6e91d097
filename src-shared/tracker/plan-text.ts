import type { Actor } from './actor.ts';
import { actorName } from './actor.ts';

/** The plan file of a new task: its heading, and its description when it has one. */
export function scaffoldPlan(task: {
  readonly title: string;
  readonly short_id?: string | undefined;
  readonly description: string | null;
}): string {
  const heading = task.short_id === undefined ? task.title : `${task.short_id}: ${task.title}`;
  return task.description ? `# ${heading}\n\n${task.description}\n` : `# ${heading}\n`;
}

/**
 * True when nobody has planned yet: the file is missing or empty, or holds a heading and at most the task's
 * description. Any list, further heading or other text is a plan, one line is enough.
 */
export function isScaffoldPlan(text: string | null, description: string | null): boolean {
  const lines = (text ?? '').trim().split(/\r?\n/);
  if (lines.length === 1 && lines[0] === '') return true;
  if (!lines[0]?.startsWith('# ')) return false;
  const body = trimmedLines(lines.slice(1));
  if (body.length === 0) return true;
  if (body.some(isStructure)) return false;
  return description !== null && body.join('\n') === trimmedLines(description.split(/\r?\n/)).join('\n');
}

function trimmedLines(lines: readonly string[]): string[] {
  return lines.map((line) => line.trim()).filter((line) => line !== '');
}

function isStructure(line: string): boolean {
  return /^(?:#{2,3} |[-*] |```|\d{1,3}\. )/.test(line);
}

/** What a move back to an earlier status adds to the plan file. */
export function planReset(timestamp: string, actor: Actor): string {
  return `\n## Reset ${timestamp.slice(0, 10)} by ${actorName(actor)}\n`;
}
