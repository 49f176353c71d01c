/** Writing to stdout and stderr. A reader that has gone ends the command quietly. */

/** Resolves when the bytes were taken; rejects with the stream's error (EPIPE). */
export function write(stream: NodeJS.WritableStream, data: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(data, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

/** Writes a result to stdout. */
export function print(text: string): Promise<void> {
  return write(process.stdout, text);
}

/** Writes a value to stdout as indented JSON. */
export function printJson(value: unknown): Promise<void> {
  return print(`${JSON.stringify(value, undefined, 2)}\n`);
}

/** Makes errors of the streams reach whoever writes, and nobody else. */
export function silenceStreamErrors(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}
