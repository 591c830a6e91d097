/** An org that fits a name people gave a lattice, such as `design-team`; empty when nothing of the name can be used. */
export function orgOfName(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '-')
    .slice(0, 64)
    .replace(/^-+|-+$/g, '');
}
