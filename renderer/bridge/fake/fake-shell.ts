/** A toy shell behind the in-memory host's terminals: enough to work on the terminal's looks. */

/** Where the shell's output goes, and what else it changes. */
export interface FakeShellOutput {
  readonly print: (text: string) => void;
  /** Prints this again and again, as fast as it is taken; undefined ends it. */
  readonly flood: (text: string | undefined) => void;
  readonly exit: (code: number) => void;
  /** Another client of this size comes; undefined: it goes. */
  readonly shareWith: (
    size: { readonly rows: number; readonly columns: number } | undefined,
  ) => void;
}

/** A 12 × 12 square in sixel. */
const sixel = '\x1bP0;0;8q"1;1;12;12#1;2;20;60;90#1!12~-!12~\x1b\\';

/** What is typed becomes lines; a line is run and answered. Prompts are marked (OSC 133). */
export class FakeShell {
  /** The program that has the terminal, besides the shell. */
  foreground: string | undefined;
  readonly #output: FakeShellOutput;
  readonly #name: string;
  readonly #decoder = new TextDecoder();
  #line = '';
  #code = 0;

  constructor(sandboxName: string, output: FakeShellOutput) {
    this.#name = sandboxName;
    this.#output = output;
    this.#prompt();
  }

  type(bytes: Uint8Array): void {
    for (const character of this.#decoder.decode(bytes, { stream: true })) this.#key(character);
  }

  #key(character: string): void {
    const { print, flood } = this.#output;
    if (character === '\x03' || (this.foreground === 'vim' && character === 'q')) {
      flood(undefined);
      if (this.foreground === 'vim') print('\x1b[?1049l');
      this.foreground = undefined;
      this.#line = '';
      print(character === '\x03' ? '^C\r\n' : '');
      this.#end(130);
    } else if (this.foreground !== undefined) {
      return;
    } else if (character === '\r') {
      const command = this.#line;
      this.#line = '';
      print('\r\n\x1b]133;C\x07');
      this.#run(command);
    } else if (character === '\x7f') {
      if (this.#line !== '') print('\b \b');
      this.#line = this.#line.slice(0, -1);
    } else if (character >= ' ') {
      this.#line += character;
      print(character);
    }
  }

  #run(command: string): void {
    const [name = '', ...rest] = command.trim().split(/\s+/);
    const { print, flood, exit, shareWith } = this.#output;
    const text = rest.join(' ');
    switch (name) {
      case '':
        break;
      case 'uname':
        print(`Linux ${this.#name} 6.1.0-37-cloud-amd64 #1 SMP x86_64 GNU/Linux\r\n`);
        break;
      case 'echo':
        print(`${text}\r\n`);
        break;
      case 'ls':
        print('\x1b[34mbin  dev  etc  proc  root  sys  tmp  usr  var\x1b[0m\r\n');
        break;
      case 'seq':
        for (let line = 1; line <= Math.min(5_000, Number(rest[0] ?? 1)); line += 1) {
          print(`${String(line)}\r\n`);
        }
        break;
      case 'mib':
        for (let left = Math.min(64, Number(rest[0] ?? 1)) * 64; left > 0; left -= 1) {
          print(`${'x'.repeat(62)}\r\n`.repeat(256));
        }
        print('all of it\r\n');
        break;
      case 'link':
        print(
          'See https://example.org/docs or \x1b]8;;https://example.org/\x07this\x1b]8;;\x07.\r\n',
        );
        break;
      case 'title':
        print(`\x1b]2;${text}\x07`);
        break;
      case 'copy':
        print(`\x1b]52;c;${btoa(text)}\x07`);
        break;
      case 'picture':
        print(`${sixel}\r\n`);
        break;
      case 'bell':
        print('\x07');
        break;
      case 'share':
        shareWith({ rows: 12, columns: 60 });
        break;
      case 'alone':
        shareWith(undefined);
        break;
      case 'false':
        this.#end(1);
        return;
      case 'vim':
        this.foreground = 'vim';
        print('\x1b[?1049h\x1b[H\x1b[2J~\r\n~\r\n~\r\n\x1b[7m notes.md (q ends it) \x1b[0m');
        return;
      case 'yes':
        this.foreground = 'yes';
        flood(`${text === '' ? 'y' : text}\r\n`);
        return;
      case 'exit':
        exit(Number(rest[0] ?? 0));
        return;
      default:
        print(`sh: ${name}: not found\r\n`);
        this.#end(127);
        return;
    }
    this.#end(0);
  }

  #end(code: number): void {
    this.#code = code;
    this.#output.print(`\x1b]133;D;${String(this.#code)}\x07`);
    this.#prompt();
  }

  #prompt(): void {
    this.#output.print('\x1b]133;A\x07\x1b[32m/\x1b[0m # \x1b]133;B\x07');
  }
}
