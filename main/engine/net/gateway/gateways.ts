/** The gateways of an engine: spread over a few threads, and started again where one ends. */
import { availableParallelism } from 'node:os';
import type { HostListener, PortMapping } from '../../../contract/config/port-mapping.ts';
import type { NetworkAnswer, NetworkQuestion } from '../../../contract/network.ts';
import type { Logger } from '../../base/logger.ts';
import type { CountedDecision } from './decision-reporter.ts';
import type { GatewaySettings, Traffic } from './gateway.ts';
import { GatewayThread } from './gateway-thread.ts';
import type { GatewayCall } from './messages.ts';

/** What is told of a gateway. */
export interface HandleEvents {
  readonly onDecisions: (decisions: CountedDecision[]) => void;
  readonly onLink: (isUp: boolean) => void;
  /** The gateway is there again after its thread ended; its ports have to be added again. */
  readonly onRestarted: () => void;
}

/** A gateway, from the engine's side. */
export interface GatewayHandle {
  configure(settings: GatewaySettings): Promise<void>;
  /** @throws the system's error */
  addPort(port: PortMapping): Promise<void>;
  removePort(listener: HostListener): Promise<void>;
  ask(question: NetworkQuestion): Promise<NetworkAnswer>;
  traffic(): Promise<Traffic>;
  close(): Promise<void>;
}

interface Opened {
  readonly name: string;
  readonly socketPath: string;
  readonly events: HandleEvents;
  settings: GatewaySettings;
  thread: GatewayThread;
  isClosed: boolean;
}

const maxThreads = Math.min(4, availableParallelism());
const restartMs = 500;

/** See the head of this file. */
export class Gateways {
  readonly #logger: Logger;
  readonly #threads = new Set<GatewayThread>();
  readonly #opened = new Map<string, Opened>();
  #isClosed = false;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Has a thread ready for the next gateway: what starts one now does not wait for it later. */
  prepare(): void {
    const isBusy = [...this.#threads].every(({ load }) => load > 0);
    if (isBusy && this.#threads.size < maxThreads && !this.#isClosed) this.#start();
  }

  /**
   * Opens the gateway of a machine.
   * @param name id of the sandbox
   * @throws Error where nobody listens at the socket
   */
  async open(
    name: string,
    socketPath: string,
    settings: GatewaySettings,
    events: HandleEvents,
  ): Promise<GatewayHandle> {
    const thread = this.#takeThread();
    const opened: Opened = { name, socketPath, events, settings, thread, isClosed: false };
    this.#opened.set(name, opened);
    try {
      await thread.call(name, { type: 'open', socketPath, settings });
    } catch (error) {
      await this.#close(opened);
      throw error;
    }
    this.prepare();
    const call = (each: GatewayCall): Promise<unknown> => opened.thread.call(name, each);
    /** A thread that ended listens on nothing, and what takes its place begins as things are then. */
    const callUnlessEnded = async (each: GatewayCall): Promise<void> => {
      const { thread: asked } = opened;
      try {
        await asked.call(name, each);
      } catch (error) {
        if (!asked.isEnded) throw error;
      }
    };
    return {
      configure: async (changed) => {
        opened.settings = changed;
        await callUnlessEnded({ type: 'configure', settings: changed });
      },
      addPort: async (port) => {
        await call({ type: 'add-port', port });
      },
      removePort: async (listener) => {
        await callUnlessEnded({ type: 'remove-port', listener });
      },
      ask: async (question) => (await call({ type: 'ask', question })) as NetworkAnswer,
      traffic: async () => (await call({ type: 'traffic' })) as Traffic,
      close: () => this.#close(opened),
    };
  }

  /** Ends every thread; the links are free for the next engine. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const opened of this.#opened.values()) opened.isClosed = true;
    this.#opened.clear();
    const threads = [...this.#threads];
    this.#threads.clear();
    await Promise.all(threads.map((thread) => thread.terminate()));
  }

  /** The one with the fewest gateways, or another one while there may be more. */
  #takeThread(): GatewayThread {
    const [least] = [...this.#threads].sort((a, b) => a.load - b.load);
    const thread =
      least === undefined || (least.load > 0 && this.#threads.size < maxThreads)
        ? this.#start()
        : least;
    thread.load += 1;
    return thread;
  }

  #start(): GatewayThread {
    const thread = new GatewayThread({
      onMessage: (message) => {
        const opened = this.#opened.get(message.gateway);
        if (opened?.thread !== thread) return;
        if (message.type === 'decisions') opened.events.onDecisions(message.decisions);
        else opened.events.onLink(message.isUp);
      },
      onCrash: (error) => {
        this.#onCrash(thread, error);
      },
    });
    this.#threads.add(thread);
    return thread;
  }

  #onCrash(thread: GatewayThread, error: Error): void {
    this.#logger.error('A thread of gateways ended.', { error: String(error) });
    this.#threads.delete(thread);
    for (const opened of this.#opened.values()) {
      if (opened.thread !== thread || opened.isClosed) continue;
      opened.events.onLink(false);
      this.#restart(opened);
    }
  }

  #restart(opened: Opened): void {
    setTimeout(() => {
      if (opened.isClosed) return;
      opened.thread = this.#takeThread();
      const { name, socketPath, settings } = opened;
      opened.thread.call(name, { type: 'open', socketPath, settings }).then(
        () => {
          opened.events.onRestarted();
        },
        (error: unknown) => {
          this.#logger.warn('A gateway could not be started again.', { error: String(error) });
          opened.thread.load -= 1;
          if (this.#threads.has(opened.thread)) this.#restart(opened);
        },
      );
    }, restartMs).unref();
  }

  async #close(opened: Opened): Promise<void> {
    if (opened.isClosed) return;
    opened.isClosed = true;
    opened.thread.load -= 1;
    const later = this.#opened.get(opened.name);
    // One that was opened in its place has closed it, where both have the same thread.
    if (later === opened || later?.thread !== opened.thread) {
      // Until it has ended it is known: its last decisions come with its end.
      await opened.thread.call(opened.name, { type: 'close' }).catch(() => undefined);
    }
    if (this.#opened.get(opened.name) === opened) this.#opened.delete(opened.name);
  }
}
