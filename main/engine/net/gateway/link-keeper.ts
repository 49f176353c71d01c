/** Keeps the link to a machine: waits for it at the start, and takes it up again whenever it is lost. */
import { QemuLink, type LinkEvents } from './qemu-link.ts';

/** What is told besides what the link itself tells. */
export interface KeeperEvents extends Omit<LinkEvents, 'onClosed'> {
  /** The link is there, or is not any more. */
  readonly onLink: (isUp: boolean) => void;
}

const reconnectMs = 500;
const startTimeoutMs = 10_000;
const startPollMs = 20;

/** See the head of this file. */
export class LinkKeeper {
  readonly #socketPath: string;
  readonly #events: KeeperEvents;
  #link: QemuLink | undefined;
  #reconnectTimer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(socketPath: string, events: KeeperEvents) {
    this.#socketPath = socketPath;
    this.#events = events;
  }

  /** The link, undefined while it is lost. */
  get link(): QemuLink | undefined {
    return this.#link;
  }

  /** QEMU makes its socket by itself, a moment after the others. @throws where nobody listens */
  async open(): Promise<void> {
    const untilMs = Date.now() + startTimeoutMs;
    for (;;) {
      try {
        await this.#connect();
        return;
      } catch (error) {
        if (Date.now() > untilMs || this.#isClosed) throw error;
        await new Promise((resolve) => setTimeout(resolve, startPollMs));
      }
    }
  }

  /** Sends what waits and lets the link go. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#reconnectTimer);
    this.#link?.flush();
    this.#link?.close();
  }

  async #connect(): Promise<void> {
    const link = await QemuLink.open(this.#socketPath, {
      ...this.#events,
      onClosed: () => {
        this.#onClosed();
      },
    });
    if (this.#isClosed) {
      link.close();
      return;
    }
    this.#link = link;
    this.#events.onLink(true);
  }

  #onClosed(): void {
    this.#link = undefined;
    if (this.#isClosed) return;
    this.#events.onLink(false);
    this.#reconnectSoon();
  }

  #reconnectSoon(): void {
    this.#reconnectTimer = setTimeout(() => {
      this.#connect().catch(() => {
        if (!this.#isClosed) this.#reconnectSoon();
      });
    }, reconnectMs);
  }
}
