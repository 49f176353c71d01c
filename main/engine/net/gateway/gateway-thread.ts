/** One thread of gateways, seen from the engine. */
import { Worker } from 'node:worker_threads';
import type { GatewayCall, GatewayMessage } from './messages.ts';

/** What is told of a thread. */
export interface ThreadEvents {
  readonly onMessage: (
    message: Extract<GatewayMessage, { readonly type: 'decisions' | 'link' }>,
  ) => void;
  /** It ended by itself; its gateways are gone. */
  readonly onCrash: (error: Error) => void;
}

/** A thread that makes more of its memory than this is broken; it is started again. */
const heapMiB = 1024;

/** See the head of this file. */
export class GatewayThread {
  /** Gateways that are here. */
  load = 0;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #lastId = 0;
  #isEnded = false;

  constructor(events: ThreadEvents) {
    this.#worker = new Worker(new URL('./gateway-worker.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: heapMiB },
    });
    // The engine's process ends when everything else has.
    this.#worker.unref();
    this.#worker.on('message', (message: GatewayMessage) => {
      this.#take(message, events);
    });
    this.#worker.on('error', (error: unknown) => {
      this.#end(error instanceof Error ? error : new Error(String(error)), events);
    });
    this.#worker.on('exit', () => {
      this.#end(new Error('The thread ended.'), events);
    });
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** @throws Error with the system's code where the call failed */
  call(gateway: string, call: GatewayCall): Promise<unknown> {
    if (this.#isEnded) return Promise.reject(new Error('The thread has ended.'));
    this.#lastId += 1;
    const id = this.#lastId;
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.set(id, waiting);
    this.#worker.postMessage({ id, gateway, call });
    return waiting.promise;
  }

  async terminate(): Promise<void> {
    this.#isEnded = true;
    await this.#worker.terminate();
  }

  #take(message: GatewayMessage, events: ThreadEvents): void {
    if (message.type === 'decisions' || message.type === 'link') {
      events.onMessage(message);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.type === 'answer') waiting?.resolve(message.value);
    else waiting?.reject(Object.assign(new Error(message.message), { code: message.code }));
  }

  #end(error: Error, events: ThreadEvents): void {
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
    if (this.#isEnded) return;
    this.#isEnded = true;
    events.onCrash(error);
  }
}
