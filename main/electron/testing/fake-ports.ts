/** MessageChannelMain over Node's own MessageChannel: the structured clone and the order are real. */
import { EventEmitter } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';

/** Electron's MessagePortMain: an emitter whose messages wait until `start`. */
export class FakeMessagePortMain extends EventEmitter {
  /** What a page gets when this end is transferred to it. */
  readonly raw: MessagePort;
  started = false;

  constructor(raw: MessagePort) {
    super();
    this.raw = raw;
    raw.on('close', () => this.emit('close'));
  }

  postMessage(message: unknown): void {
    this.raw.postMessage(message);
  }

  start(): void {
    if (this.started) return;
    this.started = true;
    // Node starts a port with its first listener, so the listener comes with `start`.
    this.raw.on('message', (data: unknown) => this.emit('message', { data, ports: [] }));
  }

  close(): void {
    this.raw.close();
  }
}

/** Electron's MessageChannelMain. */
export class FakeMessageChannelMain {
  readonly port1: FakeMessagePortMain;
  readonly port2: FakeMessagePortMain;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.port1 = new FakeMessagePortMain(port1);
    this.port2 = new FakeMessagePortMain(port2);
  }
}
