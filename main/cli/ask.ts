/** Questions to the person at the terminal, on stderr: stdout is for results. */
import os from 'node:os';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { InterruptedError } from './exit-code.ts';
import { Interrupts } from './interrupts.ts';
import { write } from './output.ts';

/** Asks for a line. @throws InterruptedError where it was ended instead of answered */
export async function askLine(question: string): Promise<string> {
  return await ask(question, process.stderr);
}

/** As {@link askLine}; what is typed is not shown. */
export async function askSecret(question: string): Promise<string> {
  try {
    return await ask(question, new Nowhere());
  } finally {
    await write(process.stderr, '\n');
  }
}

/** Anything but yes is no. @throws InterruptedError */
export async function askYesNo(question: string): Promise<boolean> {
  return /^y(?:es)?$/i.test((await askLine(`${question} [y/N] `)).trim());
}

/** The question is there only when the terminal itself echoes no more: then `output` does. */
async function ask(question: string, output: NodeJS.WritableStream): Promise<string> {
  const lines = createInterface({ input: process.stdin, output, terminal: true, historySize: 0 });
  using interrupts = new Interrupts();
  try {
    const answer = new Promise<string>((resolve, reject) => {
      const end = (signal: number): void => {
        reject(new InterruptedError(signal));
      };
      const endAsIfInterrupted = (): void => {
        end(os.constants.signals.SIGINT);
      };
      interrupts.handle(end);
      lines.once('SIGINT', endAsIfInterrupted);
      lines.once('close', endAsIfInterrupted);
      lines.question(output === process.stderr ? question : '', resolve);
    });
    // It may be ended before it is waited for.
    answer.catch(() => undefined);
    if (output !== process.stderr) await write(process.stderr, question);
    return await answer;
  } finally {
    lines.close();
  }
}

class Nowhere extends Writable {
  override _write(_chunk: unknown, _encoding: string, done: () => void): void {
    done();
  }
}
