/** The lines of a `.env` file, as shells and most tools read them. Pure. */
import { translate } from '../words/language.ts';

/** What came of reading: the variables in their order, or which line is wrong. */
export type EnvFileResult =
  | {
      readonly ok: true;
      readonly rows: readonly { readonly name: string; readonly value: string }[];
    }
  | { readonly ok: false; readonly problem: string };

/**
 * Reads `NAME=value` lines: `export` in front is passed over, `#` begins a comment, quotes go, and
 * `\n` in double quotes is a line break. Of a name that is there twice the last one counts.
 */
export function parseEnvFile(text: string): EnvFileResult {
  const values = new Map<string, string>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const match = /^(?:export\s+)?([^=\s]+)\s*=\s*(.*)$/.exec(trimmed);
    if (match === null) {
      const problem = translate('create:problem.notNameValue', { line: index + 1 });
      return { ok: false, problem };
    }
    const [, name = '', written = ''] = match;
    values.set(name, valueOf(written));
  }
  return { ok: true, rows: [...values].map(([name, value]) => ({ name, value })) };
}

function valueOf(written: string): string {
  const single = /^'([^']*)'\s*(?:#.*)?$/.exec(written)?.[1];
  if (single !== undefined) return single;
  const double = /^"((?:[^"\\]|\\.)*)"\s*(?:#.*)?$/.exec(written)?.[1];
  if (double !== undefined) {
    return double.replace(/\\(.)/g, (_, character: string) =>
      character === 'n' ? '\n' : character === 't' ? '\t' : character,
    );
  }
  return written.replace(/\s+#.*$/, '').trim();
}
