import { isTerminalReport } from './terminal-report.ts';

/**
 * Whether input is what someone typed or pasted, and so may go to other terminals too. What a
 * terminal answers by itself, and where its mouse is (SGR and X10 reports of xterm's "Control
 * Sequences"), is of that terminal alone. Pure.
 */
export function isForAll(bytes: Uint8Array): boolean {
  const isMouse =
    bytes[0] === 0x1b && bytes[1] === 0x5b && (bytes[2] === 0x3c || bytes[2] === 0x4d);
  return !isMouse && !isTerminalReport(bytes);
}
