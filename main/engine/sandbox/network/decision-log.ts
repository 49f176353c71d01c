/** What the gateway of a sandbox decided, bounded, and kept when the host process ends. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { decisionSchema, type Decision } from '../../../contract/network.ts';
import { writeFileAtomic } from '../../base/atomic-file.ts';
import { decisionKey, type CountedDecision } from '../../net/gateway/decision-reporter.ts';

/** Different decisions that are kept; the ones that were made longest ago make way. */
export const maxLogEntries = 1000;
const maxFileBytes = 4 * 1024 * 1024;
const saveDelayMs = 2000;
const maxTextCharacters = 300;

/** See the head of this file. */
export class DecisionLog {
  readonly #file: string;
  /** In the order of their latest time. */
  readonly #entries = new Map<string, Decision>();
  #lastId = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  /** Reads what an earlier host process kept; a file that cannot be read is nothing. */
  async load(): Promise<void> {
    try {
      const text = await readFile(this.#file, 'utf8');
      if (text.length > maxFileBytes) return;
      for (const entry of z.array(decisionSchema).parse(JSON.parse(text)).slice(-maxLogEntries)) {
        this.#lastId += 1;
        this.#entries.set(decisionKey(entry), { ...entry, id: this.#lastId });
      }
    } catch {
      // There is none yet, or it was damaged; nothing depends on it.
    }
  }

  list(): Decision[] {
    return [...this.#entries.values()];
  }

  /** Adds decisions and returns their entries. */
  add(decisions: readonly CountedDecision[]): Decision[] {
    const changed = decisions.map((decision) => this.#addOne(decision));
    this.#timer ??= setTimeout(() => {
      void this.save().catch(() => undefined);
    }, saveDelayMs).unref();
    return changed;
  }

  /** Writes the log, if it changed. */
  async save(): Promise<void> {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await writeFileAtomic(this.#file, JSON.stringify(this.list()));
  }

  /** Nothing is written any more. */
  forget(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #addOne({ count, atMs, ...decision }: CountedDecision): Decision {
    const bounded = { ...decision, reason: decision.reason.slice(0, maxTextCharacters) };
    const key = decisionKey(bounded);
    const known = this.#entries.get(key);
    this.#lastId += known === undefined ? 1 : 0;
    const entry: Decision = {
      ...bounded,
      id: known?.id ?? this.#lastId,
      firstAtMs: known?.firstAtMs ?? atMs,
      atMs,
      count: (known?.count ?? 0) + count,
    };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > maxLogEntries && oldest !== undefined) this.#entries.delete(oldest);
    return entry;
  }
}
