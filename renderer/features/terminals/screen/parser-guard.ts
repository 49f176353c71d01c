/** Keeps faults of xterm.js 6.0, which bytes of a guest bring out, from stopping a screen for good. */
import type { Terminal } from '@xterm/xterm';

/** What is needed of the inside of xterm.js. */
interface XtermCore {
  readonly _bufferService: {
    readonly buffers: {
      readonly active: {
        readonly x: number;
        readonly y: number;
        readonly lines: { get(index: number): object | undefined };
      };
    };
  };
  readonly _inputHandler: {
    readonly _parser: { reset(): void };
    parse: (data: string | Uint8Array, promiseResult?: boolean) => undefined | Promise<boolean>;
    _resetBufferLine(row: number): void;
    _eraseInBufferLine(row: number, start: number, end: number, clearWrap: boolean): void;
  };
}

/** Either build of xterm.js. */
type GuardedTerminal = Pick<Terminal, 'cols'> & {
  readonly parser: {
    registerCsiHandler(
      id: { readonly final: string },
      handler: (params: (number | number[])[]) => boolean,
    ): unknown;
  };
};

/**
 * ED 1 (erase above) at the end of the last line there is looks for a line below and throws: here
 * it erases. Any other fault costs the guest the piece that has it; without this, xterm.js would
 * meet the same piece first, and throw again, at every later write.
 */
export function guardParser(terminal: GuardedTerminal): void {
  const core = (terminal as unknown as { readonly _core: XtermCore })._core;
  const input = core._inputHandler;
  terminal.parser.registerCsiHandler({ final: 'J' }, ([kind]) => {
    const { active } = core._bufferService.buffers;
    if (kind !== 1 || active.lines.get(active.y + 1) !== undefined) return false;
    for (let row = 0; row < active.y; row += 1) input._resetBufferLine(row);
    input._eraseInBufferLine(active.y, 0, Math.min(active.x + 1, terminal.cols), true);
    return true;
  });
  const parse = input.parse.bind(input);
  input.parse = (data, promiseResult) => {
    try {
      return parse(data, promiseResult);
    } catch {
      input._parser.reset();
      return undefined;
    }
  };
}
