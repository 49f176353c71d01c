/** What looks like a secret in any text, whoever wrote it. Pure; every repetition is bounded. */

/** What a span of a text is. */
export type SecretKind = 'variable' | 'token' | 'header' | 'url' | 'password' | 'key';

/** From `start` to `end`, in UTF-16 code units. */
export interface SecretSpan {
  readonly start: number;
  readonly end: number;
  readonly kind: SecretKind;
}

interface SecretPattern {
  readonly kind: SecretKind;
  /** Its first group, or all of it where it has none, is what is secret. */
  readonly pattern: RegExp;
}

/** How names of variables, fields and options of secrets end or go on. */
const secretName =
  '(?:passw(?:or)?d|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential)[\\w.-]{0,64}';
/** In JSON within JSON, quotes have backslashes before them. */
const quote = '\\\\{0,4}["\']?';
const value = '(\\\\{0,4}"(?:[^"\\\\\\n]|\\\\.)*"?|\'[^\'\\n]*\'?|[^\\s"\'&,;}\\]]+)';

const patterns: readonly SecretPattern[] = [
  // RFC 9110 sections 11.6 and 11.7, RFC 6265, and the header of Docker's own interface.
  {
    kind: 'header',
    pattern:
      /(?:authorization|cookie|x-registry-(?:auth|config))\\{0,4}["']?[^\S\n]{0,8}[:=][^\S\n]{0,8}\\{0,4}["']?([^"'\\\r\n]+)/dgi,
  },
  { kind: 'header', pattern: /\bBearer[^\S\n]{1,8}([\w.~+/=-]{6,})/dgi },
  { kind: 'header', pattern: /\bBasic[^\S\n]{1,8}([A-Za-z0-9+/]{8,}={0,2})/dg },
  // RFC 3986 section 3.2.1.
  {
    kind: 'url',
    pattern: /[a-z][a-z0-9+.-]{0,32}:\/\/([^\s/"'<>@]{1,1024}(?:@[^\s/"'<>@]{1,1024}){0,8})@/dgi,
  },
  {
    kind: 'password',
    pattern: new RegExp(`${secretName}${quote}[^\\S\\n]{0,8}[:=][^\\S\\n]{0,8}${value}`, 'dgi'),
  },
  // On a command line: `--password VALUE`.
  {
    kind: 'password',
    pattern: new RegExp(`--[\\w.-]{0,64}?${secretName}(?:["',\\s]{1,8})([^\\s"',]+)`, 'dgi'),
  },
  // JSON Web Tokens (RFC 7519), and tokens that say by their beginning whose they are.
  { kind: 'token', pattern: /\beyJ[\w-]{8,}\.[\w-]{2,}(?:\.[\w-]*)?/dg },
  {
    kind: 'token',
    pattern:
      /\b(?:gh[pousr]_\w{16,}|github_pat_\w{16,}|glpat-[\w-]{16,}|dckr_(?:pat|oat)_[\w-]{16,}|npm_\w{16,}|xox[abeprs]-[\w-]{10,}|sk-[\w-]{16,}|AKIA[A-Z0-9]{16}|ya29\.[\w-]{16,})/dg,
  },
];

/** Whether a field of this name holds a secret. */
export function isSecretName(name: string): boolean {
  return new RegExp(secretName, 'i').test(name);
}

/** RFC 7468. What was cut may begin within a key, or end within one. */
const keyBegin = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----/g;
const keyEnd = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----/g;

/** Everything in a text that looks like a secret, in no order; spans may overlap. */
export function findSecretPatterns(text: string): SecretSpan[] {
  return [...patterns.flatMap((pattern) => spansOf(text, pattern)), ...findPrivateKeys(text)];
}

function spansOf(text: string, { kind, pattern }: SecretPattern): SecretSpan[] {
  return [...text.matchAll(pattern)].flatMap(({ indices }) => {
    const [start, end] = indices?.[1] ?? indices?.[0] ?? [0, 0];
    return end > start ? [{ start, end, kind }] : [];
  });
}

function findPrivateKeys(text: string): SecretSpan[] {
  const ends = [...text.matchAll(keyEnd)].map((match) => match.index + match[0].length);
  const begins = [...text.matchAll(keyBegin)].map((match) => match.index);
  const spans: SecretSpan[] = [];
  let from = 0;
  for (const end of ends) {
    const begin = begins.find((start) => start >= from && start < end);
    // Only the first end can belong to a key whose beginning was cut off.
    if (begin !== undefined || from === 0) spans.push({ start: begin ?? 0, end, kind: 'key' });
    from = end;
  }
  const open = begins.find((start) => start >= from);
  if (open !== undefined) spans.push({ start: open, end: text.length, kind: 'key' });
  return spans;
}
