/**
 * Where prompts and commands are, as the shell marks them: OSC 133 (FinalTerm), `A` before a prompt,
 * `B` after it, `C` before the output of a command, `D` and its exit code after it. A shell that
 * can mark its prompt alone gives no `C`: there the output begins below the line of the command.
 */
import type { IDecoration, IMarker, Terminal } from '@xterm/xterm';

/** Most commands that are remembered; the oldest make way. */
const maxCommands = 500;

interface Command {
  readonly prompt: IMarker;
  /** Where its last line is typed, and from which column on. */
  input?: IMarker | undefined;
  inputColumn?: number;
  /** Whether it goes on behind a second prompt. */
  hasMoreLines?: boolean;
  output?: IMarker | undefined;
  end?: IMarker | undefined;
  /** How much of the line of `end` is the last of the output, which had no line break. */
  endColumn?: number;
  failure?: IDecoration | undefined;
}

/** The prompts of one terminal. */
export class PromptMarks {
  readonly #terminal: Terminal;
  #commands: Command[] = [];
  /** Whether the shell says enough to tell a prompt at which nothing was typed. */
  #isExact = false;

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
    const { line: last } = command.end;
    let text = '';
    for (let line = command.output.line; line < last; line += 1) {
      const isContinued = buffer.getLine(line + 1)?.isWrapped === true;
      text += buffer.getLine(line)?.translateToString(!isContinued) ?? '';
      if (!isContinued) text += '\n';
    }
    text += buffer.getLine(last)?.translateToString(true, 0, command.endColumn) ?? '';
    return text;
  }

  #take(data: string): void {
    if (this.#terminal.buffer.active.type !== 'normal') return;
    const [kind, rest] = data.split(';');
    const current = this.#commands.at(-1);
    this.#isExact ||= kind === 'B' || kind === 'C';
    // A secondary prompt (`k=s`, as kitty names it) is of the same command.
    if (kind === 'A' && rest !== 'k=s') this.#begin();
    else if (current === undefined) return;
    else if (kind === 'B') this.#beginInput(current);
    else if (kind === 'C') current.output ??= this.#terminal.registerMarker(0);
    else if (kind === 'D' && current.end === undefined) this.#end(current, rest);
  }

  #beginInput(command: Command): void {
    command.hasMoreLines = command.input !== undefined;
    command.input?.dispose();
    command.input = this.#terminal.registerMarker(0);
    command.inputColumn = this.#terminal.buffer.normal.cursorX;
  }

  #end(command: Command, code: string | undefined): void {
    command.end = this.#terminal.registerMarker(0);
    command.endColumn = this.#terminal.buffer.normal.cursorX;
    command.output ??= this.#outputAfterInput(command);
    // At an empty prompt a shell repeats the code of the command before.
    if (this.#isExact && command.output === undefined) return;
    if (code !== undefined && /^[1-9]\d{0,2}$/.test(code)) this.#markFailure(command);
  }

  /** Below the line in which the command was typed; undefined where nothing was. */
  #outputAfterInput({ input, inputColumn, hasMoreLines }: Command): IMarker | undefined {
    if (input === undefined || input.isDisposed) return undefined;
    const buffer = this.#terminal.buffer.normal;
    const typed = buffer.getLine(input.line)?.translateToString(true, inputColumn) ?? '';
    if (typed.trim() === '' && hasMoreLines !== true) return undefined;
    const present = buffer.baseY + buffer.cursorY;
    let first = input.line + 1;
    while (first < present && this.#isContinued(first - 1)) first += 1;
    return this.#terminal.registerMarker(Math.min(first, present) - present);
  }

  /** Whether a typed line goes on in the next one: some shells begin that one themselves. */
  #isContinued(line: number): boolean {
    const buffer = this.#terminal.buffer.normal;
    if (buffer.getLine(line + 1)?.isWrapped === true) return true;
    const last = buffer.getLine(line)?.getCell(this.#terminal.cols - 1);
    return last !== undefined && (last.getWidth() === 0 || last.getChars() !== '');
  }

  #begin(): void {
    // A prompt that is drawn again, after Ctrl+L or a change of the size, is the same prompt.
    const line = this.#terminal.buffer.normal.baseY + this.#terminal.buffer.normal.cursorY;
    const current = this.#commands.at(-1);
    if (current?.prompt.line === line && current.output === undefined) {
      current.end?.dispose();
      current.end = undefined;
      return;
    }
    this.#commands.push({ prompt: this.#terminal.registerMarker(0) });
    // A screen that is cleared loses the prompt of a command that is still to come.
    const kept = this.#commands.filter(({ prompt, output }) => isThere(prompt) || isThere(output));
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

function release({ prompt, input, output, end, failure }: Command): void {
  failure?.dispose();
  for (const marker of [prompt, input, output, end]) marker?.dispose();
}
