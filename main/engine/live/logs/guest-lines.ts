/** What a guest's kernel and agent say, told apart. Pure. */
import type { LogSource } from '../../../contract/logs.ts';

/** As the agent begins its lines in the kernel's log (log.c), with the kernel's own time before it. */
const agentLine = /^(?:<\d>)?(?:\[ *\d+\.\d+\] )?skerry-agent: /;

/** Whose line it is; a guest that lies about it says what it likes on its console anyway. */
export function describeGuestLine(text: string): { readonly source: LogSource } {
  return { source: agentLine.test(text) ? 'agent' : 'console' };
}

/** As the kernel writes it on its console: `[    1.234567] text`. */
export function kernelLineText(line: {
  readonly sinceBootUs: number;
  readonly text: string;
}): string {
  const seconds = (line.sinceBootUs / 1_000_000).toFixed(6).padStart(12);
  return `[${seconds}] ${line.text}`;
}
