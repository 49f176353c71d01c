/** The latest starts of a sandbox, kept in its folder. */
import {
  bootTimelineSchema,
  keptBoots,
  type BootTimeline,
} from '../../../contract/boot-timeline.ts';
import { KeptList } from '../kept-list.ts';

/** See the head of this file. */
export class BootHistory {
  readonly #list: KeptList<BootTimeline>;
  #boots: BootTimeline[] = [];

  constructor(file: string) {
    this.#list = new KeptList(file, bootTimelineSchema);
  }

  async load(): Promise<void> {
    this.#boots = (await this.#list.load()).slice(0, keptBoots);
  }

  /** The last one first. */
  list(): BootTimeline[] {
    return [...this.#boots];
  }

  add(boot: BootTimeline): void {
    this.#boots = [boot, ...this.#boots].slice(0, keptBoots);
    this.#list.save(() => this.#boots);
  }

  /** Resolves when all is written. */
  saved(): Promise<void> {
    return this.#list.saved();
  }

  /** Nothing is written any more. */
  close(): Promise<void> {
    return this.#list.close();
  }
}
