/** Tags of repositories, remembered for a moment: somebody types, and asks at every letter. */
import { formatImageReference, type ImageReference } from '../../contract/image-reference.ts';

/** Where tags are asked for. */
export type AskTags = (repository: ImageReference, signal: AbortSignal) => Promise<string[]>;

const rememberedMs = 60_000;
/** A registry that fails is not asked again for as long as somebody types. */
const failureRememberedMs = 5000;
const maxRepositories = 64;
const waitMs = 5000;

interface Remembered {
  readonly tags: Promise<string[]>;
  untilMs: number;
}

/** See the head of this file. */
export class RememberedTags {
  readonly #ask: AskTags;
  readonly #nowMs: () => number;
  readonly #waitMs: number;
  readonly #remembered = new Map<string, Remembered>();

  constructor(
    ask: AskTags,
    options: { readonly nowMs?: () => number; readonly waitMs?: number } = {},
  ) {
    this.#ask = ask;
    this.#nowMs = options.nowMs ?? Date.now;
    this.#waitMs = options.waitMs ?? waitMs;
  }

  /** Who asks for the same meanwhile waits for the same answer. Throws what the registry throws. */
  async of({ registry, repository }: ImageReference): Promise<string[]> {
    const asked = { registry, repository };
    const key = formatImageReference(asked);
    const found = this.#remembered.get(key);
    if (found !== undefined && found.untilMs > this.#nowMs()) return await found.tags;
    const tags = this.#ask(asked, AbortSignal.timeout(this.#waitMs));
    const entry = { tags, untilMs: this.#nowMs() + rememberedMs };
    tags.catch(() => {
      entry.untilMs = this.#nowMs() + failureRememberedMs;
    });
    this.#remembered.delete(key);
    this.#remembered.set(key, entry);
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size > maxRepositories && oldest !== undefined) {
      this.#remembered.delete(oldest);
    }
    return await tags;
  }
}
