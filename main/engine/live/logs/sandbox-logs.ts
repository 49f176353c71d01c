/** The logs of all sandboxes, by their ids; each is opened when it is first needed. */
import { SandboxLog } from './sandbox-log.ts';

/** See the head of this file. */
export class SandboxLogs {
  readonly #dirOf: (id: string) => string;
  readonly #logs = new Map<string, SandboxLog>();

  /** @param dirOf the folder of a sandbox's log */
  constructor(dirOf: (id: string) => string) {
    this.#dirOf = dirOf;
  }

  get(id: string): SandboxLog {
    const known = this.#logs.get(id);
    if (known !== undefined) return known;
    const log = new SandboxLog(this.#dirOf(id));
    this.#logs.set(id, log);
    return log;
  }

  /** The sandbox goes: its folder is free to be removed. */
  async forget(id: string): Promise<void> {
    await this.#logs.get(id)?.close();
    this.#logs.delete(id);
  }

  /** What is under way is written. */
  async close(): Promise<void> {
    await Promise.all([...this.#logs.values()].map((log) => log.close()));
  }
}
