/** Keeps the link to a machine: waits for it at the start, and takes it up again whenever it is lost. */
import { setTimeout as delay } from 'node:timers/promises';
import { waitForFile } from '../../host/unix-socket.ts';
import { QemuLink, type LinkEvents } from './qemu-link.ts';

/** What is told besides what the link itself tells. */
export interface KeeperEvents extends Omit<LinkEvents, 'onClosed'> {
  /** The link is there, or is not any more. */
  readonly onLink: (isUp: boolean) => void;
}

const reconnectMs = 500;
const startTimeoutMs = 10_000;
/** Between bind(2) and listen(2) of QEMU, which nothing tells of. */
const refusedMs = 1;

/** See the head of this file. */
export class LinkKeeper {
  readonly #socketPath: string;
  readonly #events: KeeperEvents;
  #link: QemuLink | undefined;
  #reconnectTimer: NodeJS.Timeout | undefined;
  readonly #closing = new AbortController();

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
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(startTimeoutMs)]);
    for (;;) {
      try {
        await this.#connect();
        return;
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        try {
          if (code === 'ENOENT') await waitForFile(this.#socketPath, signal);
          else await delay(refusedMs, undefined, { signal });
        } catch {
          throw error;
        }
      }
    }
  }

  /** Sends what waits and lets the link go. */
  close(): void {
    this.#closing.abort();
    clearTimeout(this.#reconnectTimer);
    this.#link?.flush();
    this.#link?.close();
  }

  get #isClosed(): boolean {
    return this.#closing.signal.aborted;
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
