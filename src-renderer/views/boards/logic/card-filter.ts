import type { Card } from '../../../../src-shared/views/board.ts';

/** Words that hold by themselves in a filter, as in `is:live`. */
export const FLAGS = ['live', 'mine', 'unassigned', 'blocked', 'archived'] as const;
export type Flag = (typeof FLAGS)[number];

/** Fields a filter can name, as in `type:bug`. */
export const TERMS = ['assignee', 'type', 'priority', 'tag', 'status'] as const;
export type Term = (typeof TERMS)[number];

/** What a list of cards is narrowed by; all of it must hold. */
export interface CardFilter {
  terms: Partial<Record<Term, string>>;
  flags: readonly Flag[];
  /** Words as a person types them. */
  words: string;
}

const LEADING = /^(is|assignee|type|priority|tag|status):(?:"([^"]*)"|([^\s"]+))\s+/;

/** Reads a filter from its text: terms first, then words. */
export function parseFilter(text: string): CardFilter {
  const filter: { terms: Partial<Record<Term, string>>; flags: Flag[] } = { terms: {}, flags: [] };
  let rest = `${text} `;
  for (let found = LEADING.exec(rest); found !== null; found = LEADING.exec(rest)) {
    const value = found[2] ?? found[3] ?? '';
    const flag = FLAGS.find((known) => known === value);
    const term = TERMS.find((known) => known === found?.[1]);
    if (term !== undefined) filter.terms[term] = value;
    else if (flag !== undefined && !filter.flags.includes(flag)) filter.flags.push(flag);
    rest = rest.slice(found[0].length);
  }
  return { ...filter, words: rest.slice(0, -1) };
}

/** The text of a filter, from which it can be read again. */
export function filterText({ terms, flags, words }: CardFilter): string {
  const quoted = (value: string) => (/\s/.test(value) ? `"${value}"` : value);
  const parts = [
    ...TERMS.flatMap((term) => {
      const value = terms[term]?.replaceAll('"', '');
      return value === undefined || value === '' ? [] : [`${term}:${quoted(value)}`];
    }),
    ...flags.map((flag) => `is:${flag}`),
  ];
  return parts.length === 0 ? words : `${parts.join(' ')} ${words}`;
}

/** The filter with a term set, or taken away. */
export function withTerm(filter: CardFilter, term: Term, value: string | undefined): CardFilter {
  const { [term]: _, ...others } = filter.terms;
  return { ...filter, terms: value === undefined ? others : { ...others, [term]: value } };
}

/** The filter with a flag turned over. */
export function toggled(filter: CardFilter, flag: Flag): CardFilter {
  const on = filter.flags.includes(flag);
  return { ...filter, flags: on ? filter.flags.filter((own) => own !== flag) : [...filter.flags, flag] };
}

/** Whether a filter leaves anything out. */
export function narrows({ terms, flags, words }: CardFilter): boolean {
  return Object.keys(terms).length > 0 || flags.length > 0 || words.trim() !== '';
}

/** What is known beside the cards when they are filtered. */
export interface FilterFacts {
  /** Who the person at this machine is on the board. */
  me: string;
  isLive(card: Card): boolean;
  /** Tasks in which the words were found beyond what a card shows. */
  found: ReadonlySet<string>;
}

function hasWords(card: Card, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const text =
    `${card.short_id} ${card.title} ${card.tags.join(' ')} ${card.assignee?.name ?? ''}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

/** A test whether a card passes a filter. Archived cards pass only when they are asked for. */
export function acceptor(filter: CardFilter, facts: FilterFacts): (card: Card) => boolean {
  const { terms, flags } = filter;
  const words = filter.words
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const wants = new Set(flags);
  return (card) =>
    card.archived === wants.has('archived') &&
    (terms.assignee === undefined || card.assignee?.key === terms.assignee) &&
    (terms.type === undefined || card.type === terms.type) &&
    (terms.priority === undefined || card.priority === terms.priority) &&
    (terms.status === undefined || card.status === terms.status) &&
    (terms.tag === undefined || card.tags.includes(terms.tag)) &&
    (!wants.has('mine') || card.assignee?.key === facts.me) &&
    (!wants.has('unassigned') || card.assignee === undefined) &&
    (!wants.has('blocked') || card.waits_for.length > 0) &&
    (!wants.has('live') || facts.isLive(card)) &&
    (hasWords(card, words) || facts.found.has(card.id));
}
