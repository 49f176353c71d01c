/** Opens the host when a window first needs it, and again once it has failed or gone away. */
import { isAppError, type Logger } from '../engine/index.ts';
import { createAttachedHost } from './attached-host.ts';
import type { DesktopHost } from './desktop-host.ts';
import { createFailedHost } from './failed-host.ts';

/** Opens the engine and everything that listens for it; fails as `openEngine` does. */
export type OpenHost = () => Promise<DesktopHost>;

/** One host at a time for all windows. Opening never fails: see {@link createFailedHost}. */
export class HostKeeper {
  readonly #open: OpenHost;
  readonly #logger: Logger;
  #opening: Promise<DesktopHost> | undefined;
  #current: DesktopHost | undefined;
  #closed = false;

  constructor(open: OpenHost, logger: Logger) {
    this.#open = open;
    this.#logger = logger;
  }

  /** The host that serves now; a new attempt where the last one has ended. */
  async get(): Promise<DesktopHost> {
    if (this.#current !== undefined && !this.#current.ended) return this.#current;
    this.#opening ??= this.#openOrExplain().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  /** Sandboxes that go on when this process ends. */
  runningCount(): number {
    return this.#current?.runningCount() ?? 0;
  }

  /** Lets go of the machines, which go on, and of the state directory. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#opening;
    await this.#current?.close();
  }

  async #openOrExplain(): Promise<DesktopHost> {
    await this.#current?.close();
    if (!this.#closed) this.#current = await this.#openOnce();
    return this.#current ?? createFailedHost(new Error('Skerry is quitting.'), this.#logger);
  }

  async #openOnce(): Promise<DesktopHost> {
    try {
      return await this.#open();
    } catch (error) {
      const socket = isAppError(error, 'host/already-running')
        ? error.details?.['socket']
        : undefined;
      if (typeof socket === 'string') return createAttachedHost(socket);
      this.#logger.error('The engine did not open', { error: String(error) });
      return createFailedHost(error, this.#logger);
    }
  }
}
