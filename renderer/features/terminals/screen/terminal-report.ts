/**
 * What a terminal answers by itself: device attributes, cursor position, modes, colours, focus.
 * Control sequences of ECMA-48 and of xterm's "Control Sequences". Pure.
 */
/* eslint-disable no-control-regex -- control sequences are what is looked for */
const reports = [
  // CSI … c, n, R, t and $y: attributes, status, cursor position, window size, modes.
  /^\x1b\[[?>=]?[\d;]*(?:[cnRt]|\$y)$/,
  // CSI I and O: focus in and out.
  /^\x1b\[[IO]$/,
  // DCS … ST and OSC … ST or BEL: settings, capabilities, colours.
  /^\x1b[P\]][^\x07\x1b]*(?:\x07|\x1b\\)$/,
];
/* eslint-enable no-control-regex */

/** Whether these bytes are an answer of the terminal and not something that someone typed. */
export function isTerminalReport(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x1b || bytes.length > 1024) return false;
  const text = String.fromCharCode(...bytes);
  return reports.some((report) => report.test(text));
}
