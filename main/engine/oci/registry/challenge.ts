/** The WWW-Authenticate header (RFC 9110, section 11.6.1). */

/** One way to authenticate that a server offers. */
export interface Challenge {
  /** In lower case: `bearer`, `basic`. */
  readonly scheme: string;
  /** Names in lower case; a token68 is left out. */
  readonly parameters: ReadonlyMap<string, string>;
}

const maxHeaderLength = 8192;
const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const parameterPattern = new RegExp(
  `(${token})[ \\t]*=[ \\t]*(?:"((?:[^"\\\\]|\\\\.)*)"|(${token}))`,
  'y',
);
const token68Pattern = /[0-9A-Za-z._~+/-]+=*(?=[ \t]*(?:,|$))/y;
const schemePattern = new RegExp(`${token}(?=[ \t,]|$)`, 'y');
const separatorPattern = /[ \t,]*/y;

/** Reads every challenge; what makes no sense ends the list, and what came before it stays. */
export function parseChallenges(header: string): Challenge[] {
  const text = header.slice(0, maxHeaderLength);
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match) at = pattern.lastIndex;
    return match;
  };
  for (;;) {
    take(separatorPattern);
    const parameter = take(parameterPattern);
    const current = challenges.at(-1);
    if (parameter) {
      if (!current) return challenges;
      const [, name = '', quoted, plain = ''] = parameter;
      const value = quoted === undefined ? plain : quoted.replace(/\\(.)/g, '$1');
      current.parameters.set(name.toLowerCase(), value);
      continue;
    }
    const scheme = take(schemePattern);
    if (!scheme) return challenges;
    challenges.push({ scheme: scheme[0].toLowerCase(), parameters: new Map() });
    const blank = at;
    take(separatorPattern);
    // A token68 follows its scheme after blanks alone; after a comma comes the next challenge.
    if (at > blank && !text.slice(blank, at).includes(',')) take(token68Pattern);
  }
}
