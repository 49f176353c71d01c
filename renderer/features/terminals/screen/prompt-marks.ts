/**
 * Where prompts and commands are, as the shell marks them: OSC 133 (FinalTerm), `A` before a prompt,
 * `C` before the output of a command, `D` and its exit code after it.
 */
import type { IDecoration, IMarker, Terminal } from '@xterm/xterm';

/** Most commands that are remembered; the oldest make way. */
const maxCommands = 500;

interface Command {
  readonly prompt: IMarker;
  output?: IMarker | undefined;
  end?: IMarker | undefined;
  /** Whether the line of `end` holds the last of the output, which had no line break. */
  isEndLineOutput?: boolean;
  failure?: IDecoration | undefined;
}

/** The prompts of one terminal. */
export class PromptMarks {
  readonly #terminal: Terminal;
  #commands: Command[] = [];

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    terminal.parser.registerOscHandler(133, (data) => {
      this.#take(data);
      return true;
    });
  }

  /** Scrolls to the prompt before or after what is at the top; false where there is none. */
  jump(direction: 'previous' | 'next'): boolean {
    const { viewportY, baseY } = this.#terminal.buffer.active;
    const lines = this.#commands.map(({ prompt }) => prompt.line).filter((line) => line >= 0);
    const target =
      direction === 'previous'
        ? lines.findLast((line) => line < viewportY)
        : lines.find((line) => line > viewportY);
    if (target === undefined) {
      if (direction === 'next') this.#terminal.scrollToBottom();
      return direction === 'next' && viewportY < baseY;
    }
    this.#terminal.scrollToLine(target);
    return true;
  }

  /** What the last command that has ended wrote; undefined where no shell has marked one. */
  lastOutput(): string | undefined {
    const command = this.#commands.findLast(({ output, end }) => isThere(output) && isThere(end));
    if (command?.output === undefined || command.end === undefined) return undefined;
    const buffer = this.#terminal.buffer.normal;
    const last = command.end.line + (command.isEndLineOutput === true ? 1 : 0);
    let text = '';
    for (let line = command.output.line; line < last; line += 1) {
      const row = buffer.getLine(line);
      const isContinued = buffer.getLine(line + 1)?.isWrapped === true && line + 1 < last;
      text += row?.translateToString(!isContinued) ?? '';
      if (!isContinued) text += '\n';
    }
    return text;
  }

  #take(data: string): void {
    if (this.#terminal.buffer.active.type !== 'normal') return;
    const [kind, code] = data.split(';');
    const current = this.#commands.at(-1);
    if (kind === 'A') this.#begin();
    else if (current === undefined) return;
    else if (kind === 'C') current.output ??= this.#terminal.registerMarker(0);
    else if (kind === 'D' && current.end === undefined) {
      current.end = this.#terminal.registerMarker(0);
      current.isEndLineOutput = this.#terminal.buffer.normal.cursorX > 0;
      if (code !== undefined && /^[1-9]\d{0,2}$/.test(code)) this.#markFailure(current);
    }
  }

  #begin(): void {
    // A prompt that is drawn again, after Ctrl+L or a change of the size, is the same prompt.
    const line = this.#terminal.buffer.normal.baseY + this.#terminal.buffer.normal.cursorY;
    const current = this.#commands.at(-1);
    if (current?.prompt.line === line && current.output === undefined) return;
    this.#commands.push({ prompt: this.#terminal.registerMarker(0) });
    const kept = this.#commands.filter(({ prompt }) => !prompt.isDisposed);
    for (const old of kept.splice(0, kept.length - maxCommands)) release(old);
    this.#commands = kept;
  }

  #markFailure(command: Command): void {
    command.failure = this.#terminal.registerDecoration({ marker: command.prompt, width: 1 });
    command.failure?.onRender((element) => {
      element.classList.add('terminal-failure');
    });
  }
}

function isThere(marker: IMarker | undefined): boolean {
  return marker?.isDisposed === false;
}

function release({ prompt, output, end, failure }: Command): void {
  failure?.dispose();
  for (const marker of [prompt, output, end]) marker?.dispose();
}
