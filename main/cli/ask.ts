/** Questions to the person at the terminal, on stderr: stdout is for results. */
import os from 'node:os';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { InterruptedError } from './exit-code.ts';
import { write } from './output.ts';

/** Asks for a line. @throws InterruptedError where it was ended instead of answered */
export async function askLine(question: string): Promise<string> {
  return await ask(question, process.stderr);
}

/** As {@link askLine}; what is typed is not shown. */
export async function askSecret(question: string): Promise<string> {
  const nowhere = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  await write(process.stderr, question);
  try {
    return await ask('', nowhere);
  } finally {
    await write(process.stderr, '\n');
  }
}

/** Anything but yes is no. @throws InterruptedError */
export async function askYesNo(question: string): Promise<boolean> {
  return /^y(?:es)?$/i.test((await askLine(`${question} [y/N] `)).trim());
}

async function ask(question: string, output: NodeJS.WritableStream): Promise<string> {
  const lines = createInterface({
    input: process.stdin,
    output,
    terminal: true,
    historySize: 0,
  });
  try {
    return await new Promise<string>((resolve, reject) => {
      const end = (): void => {
        reject(new InterruptedError(os.constants.signals.SIGINT));
      };
      lines.once('SIGINT', end);
      lines.once('close', end);
      lines.question(question, resolve);
    });
  } finally {
    lines.close();
  }
}
