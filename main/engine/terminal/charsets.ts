/** Charsets (ISO 2022) as xterm.js has them: which sequence names which table. */
import xterm from '@xterm/headless';
import { coreOf } from './xterm-core.ts';

const designators = ['0', 'A', '4', 'C', '5', 'R', 'Q', 'K', 'Y', 'E', '6', 'Z', 'H', '7', '='];
const intoLevel = ['(', ')', '*', '+'];

let finals: Map<object, string> | undefined;

/** Makes G0 to G3 (`level`) have this table; US-ASCII without one. */
export function charsetSequence(level: number, table: object | undefined): string {
  finals ??= findFinals();
  const final = table === undefined ? 'B' : (finals.get(table) ?? 'B');
  return `\x1b${intoLevel[level] ?? '('}${final}`;
}

function findFinals(): Map<object, string> {
  const found = new Map<object, string>();
  const terminal = new xterm.Terminal({ rows: 1, cols: 2, logLevel: 'off' });
  const core = coreOf(terminal);
  for (const final of designators) {
    core._inputHandler.parse(Buffer.from(`\x1b(${final}`));
    const [table] = core._charsetService._charsets;
    if (table !== undefined && !found.has(table)) found.set(table, final);
  }
  terminal.dispose();
  return found;
}
