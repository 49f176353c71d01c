/** A way around a fault of xterm.js 6.0. */
import type { Terminal } from '@xterm/headless';
import { coreOf } from './xterm-core.ts';

/**
 * ED 1 (erase above) at the end of the last line there is looks for a line below and throws, and
 * what a piece has behind it is lost. Here it erases.
 */
export function guardEraseAbove(terminal: Terminal): void {
  const core = coreOf(terminal);
  terminal.parser.registerCsiHandler({ final: 'J' }, ([kind]) => {
    const { active } = core._bufferService.buffers;
    if (kind !== 1 || active.lines.get(active.y + 1) !== undefined) return false;
    for (let row = 0; row < active.y; row += 1) core._inputHandler._resetBufferLine(row);
    core._inputHandler._eraseInBufferLine(active.y, 0, Math.min(active.x + 1, terminal.cols), true);
    return true;
  });
}
