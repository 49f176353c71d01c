/** Opens the host when a window first needs it, and again once it has failed or gone away. */
import type { Sandbox } from '../contract/sandbox.ts';
import { isAppError, type Logger } from '../engine/index.ts';
import { createAttachedHost } from './attached-host.ts';
import type { DesktopHost } from './desktop-host.ts';
import { createFailedHost } from './failed-host.ts';

/** Opens the engine and everything that listens for it; fails as `openEngine` does. */
export type OpenHost = () => Promise<DesktopHost>;

type WatchSandboxes = (sandboxes: readonly Sandbox[]) => void;

/** One host at a time for all windows. Opening never fails: see {@link createFailedHost}. */
export class HostKeeper {
  readonly #open: OpenHost;
  readonly #logger: Logger;
  #opening: Promise<DesktopHost> | undefined;
  #current: DesktopHost | undefined;
  #closed = false;
  readonly #watchers = new Map<WatchSandboxes, (() => void) | undefined>();

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

  /**
   * Calls back with the sandboxes of whichever host serves: at once if there is one, after every
   * change, and when another host takes its place.
   */
  watchSandboxes(listener: WatchSandboxes): void {
    this.#watchers.set(listener, this.#current?.watchSandboxes(listener));
  }

  /** Stops a running sandbox of the host that serves. */
  async stopSandbox(name: string): Promise<void> {
    await (await this.get()).stopSandbox(name);
  }

  /** Lets go of the machines, which go on, and of the state directory. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#opening;
    this.#endWatches();
    await this.#current?.close();
  }

  #endWatches(): void {
    for (const [listener, end] of this.#watchers) {
      end?.();
      this.#watchers.set(listener, undefined);
    }
  }

  async #openOrExplain(): Promise<DesktopHost> {
    this.#endWatches();
    await this.#current?.close();
    if (!this.#closed) {
      this.#current = await this.#openOnce();
      for (const listener of this.#watchers.keys()) this.watchSandboxes(listener);
    }
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
