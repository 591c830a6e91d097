import type { Span } from './span.ts';

/** Something that looks like a secret: the first group of `find` is what is blotted out, and it ends the match. */
interface Pattern {
  find: RegExp;
  /** Without this text there can be no match, and looking for it is much faster. */
  needs?: string;
}

/** Names whose value is a secret; what follows them directly is a quote or `:` or `=`, so `tokens` and `token_file` are not meant. */
const NAME =
  '(?:passw(?:or)?d|passphrase|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|secret[-_]?key|credentials?|seed)';
const SIGN = String.raw`(?:\\{0,3}["'])?[ \t]{0,4}[:=][ \t]{0,4}`;
/** Values that say nothing, and names of variables, which a reader of settings needs. */
const HARMLESS = String.raw`(?!(?:true|false|null|undefined|none|missing|\d{1,9})(?![\w.-])|[$%[({])`;

/** Each quantifier has an upper bound or cannot be entered twice for one character, so a hostile text costs no more than another. */
const PATTERNS: readonly Pattern[] = [
  { find: /(S[UAONCX][A-Z2-7]{56})/g },
  { needs: 'eyJ', find: /(eyJ[\w-]{10,8000}\.[\w-]{10,8000}(?:\.[\w-]{1,2000})?)/g },
  {
    find: /lattice(?::|%3A)(?:\/|%2F){2}join(?:\/|%2F)?(?:[#?]|%23|%3F)([^\s"'`<>\\]{12,4000})/gi,
  },
  { needs: '://', find: /:\/\/([^\s/?#@"'`<>\\[\]]{1,400}(?:@[^\s/?#@"'`<>\\[\]]{1,100}){0,3})(?=@)/g },
  { needs: '=', find: /[?&#](?:key|code|auth|sig|signature|session)=([^&\s"'<>\\]{4,2000})/gi },
  {
    find: /(?:authorization|x-api-key|x-auth-token|cookie)\\{0,3}["']?[ \t]{0,4}[:=][ \t]{0,4}\\{0,3}["']?([^"'\\\r\n]{1,4000})/gi,
  },
  { find: /\b(?:Bearer|Basic)[ \t]{1,4}([\w.~+/=-]{20,4000})/g },
  { needs: 'sk-', find: /(?<![A-Za-z0-9])(sk-[\w-]{16,300})/g },
  { find: /(?<![A-Za-z0-9])((?:sk|rk)_(?:live|test)_\w{10,200}|(?:gsk|hf|npm)_[A-Za-z0-9]{20,200})/g },
  { find: /(?<![A-Za-z0-9])((?:xai|pplx|glpat|tskey)-[\w-]{16,200}|xox[abeprs]-[\w-]{10,300})/g },
  { needs: 'AIza', find: /(AIza[\w-]{35})/g },
  { find: /(?<![A-Za-z0-9])((?:AKIA|ASIA)[0-9A-Z]{16})/g },
  { find: /(?<![A-Za-z0-9])(gh[oprsu]_[A-Za-z0-9]{20,300}|github_pat_\w{20,300})/g },
  { find: new RegExp(String.raw`${NAME}${SIGN}"((?:[^"\\\r\n]|\\.){1,4000})`, 'gi') },
  { find: new RegExp(String.raw`${NAME}${SIGN}'((?:[^'\\\r\n]|\\.){1,4000})`, 'gi') },
  { find: new RegExp(String.raw`${NAME}${SIGN}\\{1,3}["']([^"'\\\r\n]{1,4000})`, 'gi') },
  {
    find: new RegExp(String.raw`${NAME}${SIGN}${HARMLESS}([^\s"'\\,;&{}[\]()<>|]{4,4000})`, 'gi'),
  },
  {
    needs: '--',
    find: new RegExp(
      String.raw`--[a-z-]{0,30}${NAME}[ \t]{1,4}${HARMLESS}([^\s"'\\-][^\s"'\\]{3,2000})`,
      'gi',
    ),
  },
];

const BEGIN = /-----BEGIN ([A-Z0-9 ]{1,60})-----/g;
const SECRET_BLOCK = /PRIVATE KEY|SEED|JWT|CREDENTIALS/;
/** A block that does not end within this many characters is taken to end there. */
const BLOCK_LIMIT = 16_384;

const NAMED = new RegExp(`${NAME}$`, 'i');

/** Whether a value under this name is a secret, as in `password` or `hub_token`. */
export function isSecretName(name: string): boolean {
  return NAMED.test(name);
}

/** The parts of a text that look like secrets, in no order; they may overlap. */
export function findSecretLooks(text: string): Span[] {
  const spans = findBlocks(text);
  for (const { find, needs } of PATTERNS) {
    if (needs !== undefined && !text.includes(needs)) continue;
    for (const match of text.matchAll(find)) {
      const end = match.index + match[0].length;
      spans.push([end - (match[1]?.length ?? 0), end]);
    }
  }
  return spans;
}

/** Private keys, seeds and JWTs as files hold them: all between the first and the last line. */
function findBlocks(text: string): Span[] {
  const spans: Span[] = [];
  let done = 0;
  for (const match of text.matchAll(BEGIN)) {
    const [head, label = ''] = match;
    if (match.index < done || !SECRET_BLOCK.test(label)) continue;
    const start = match.index + head.length;
    const length = text.slice(start, start + BLOCK_LIMIT).indexOf('-----END ');
    done = length === -1 ? Math.min(text.length, start + BLOCK_LIMIT) : start + length;
    spans.push([start, done]);
  }
  return spans;
}
