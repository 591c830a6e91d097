import type { LaunchOptions } from '../app-services.ts';

/** A `lattice://` link longer than this is not one of ours. */
const MAX_LINK_LENGTH = 4_000;

/** Reads our options out of an argv that also holds switches of Chromium; what is unknown or malformed is passed over. */
export function parseLaunchOptions(argv: readonly string[]): LaunchOptions {
  const options: LaunchOptions = { host: argv.includes('--host') };
  const join = optionOf(argv, '--join');
  if (join !== undefined) options.join = join;
  const [link, ...others] = argv.filter(isLatticeLink);
  // Two links in one start is what an injected argument looks like.
  if (link !== undefined && others.length === 0) options.link = link;
  return options;
}

/** Whether a text is a link that the system may hand to this app. */
export function isLatticeLink(text: string): boolean {
  return text.length <= MAX_LINK_LENGTH && /^lattice:\/\/\S+$/.test(text) && URL.canParse(text);
}

function optionOf(argv: readonly string[], name: string): string | undefined {
  const inline = argv.find((argument) => argument.startsWith(`${name}=`))?.slice(name.length + 1);
  if (inline) return inline;
  const at = argv.indexOf(name);
  const next = at === -1 ? undefined : argv[at + 1];
  return next && !next.startsWith('-') ? next : undefined;
}
