/** The output of one run on its way into the log of its sandbox. */
import type { SandboxLog } from '../logs/sandbox-log.ts';
import { LogWriter } from '../logs/log-writer.ts';

/** See the head of this file. */
export class RunRecorder {
  readonly #stdout: LogWriter;
  readonly #stderr: LogWriter;

  constructor(log: SandboxLog, commandId: string) {
    const writer = (stream: 'stdout' | 'stderr'): LogWriter =>
      new LogWriter(log, { describe: () => ({ source: 'command', stream, commandId }) });
    this.#stdout = writer('stdout');
    this.#stderr = writer('stderr');
  }

  /** Resolves when it is kept. */
  write(stream: 'stdout' | 'stderr', bytes: Uint8Array): Promise<void> {
    return (stream === 'stdout' ? this.#stdout : this.#stderr).write(bytes);
  }

  /** Resolves when all of it is kept; nothing follows. */
  async end(): Promise<void> {
    await this.#stdout.end();
    await this.#stderr.end();
  }
}
