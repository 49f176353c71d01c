/** Those who watch the network of a sandbox, and the counters that are asked for on their behalf. */
import type { NetworkEvent } from '../../../contract/network.ts';
import { Emitter } from '../../base/emitter.ts';

const refreshEveryMs = 2000;

/** See the head of this file. */
export class NetworkWatchers {
  readonly #events = new Emitter<NetworkEvent>();
  readonly #refresh: () => void;
  #count = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param refresh called as one comes, and from time to time while there are any */
  constructor(refresh: () => void) {
    this.#refresh = refresh;
  }

  /** Tells a listener of every event until the function is called. */
  add(listener: (event: NetworkEvent) => void): () => void {
    const off = this.#events.on(listener);
    this.#count += 1;
    this.#timer ??= setInterval(this.#refresh, refreshEveryMs).unref();
    this.#refresh();
    let isOn = true;
    return () => {
      if (!isOn) return;
      isOn = false;
      off();
      this.#count -= 1;
      if (this.#count === 0) this.stop();
    };
  }

  tell(event: NetworkEvent): void {
    this.#events.emit(event);
  }

  /** Nothing is asked for any more. */
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
