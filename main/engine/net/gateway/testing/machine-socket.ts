/** A machine's side of its network, without a machine: a real socket, and packets over it. */
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { lengthBytes } from '../../stack/frame-writer.ts';
import { readSent, type SentPacket } from '../../stack/testing/stack-under-test.ts';

/** See the head of this file. It serves one link after another, as QEMU does. */
export class MachineSocket implements AsyncDisposable {
  readonly path: string;
  readonly #server: Server;
  readonly #links: Socket[] = [];
  #bytes = Buffer.alloc(0);
  #packets: SentPacket[] = [];
  #arrived = Promise.withResolvers<undefined>();
  /** Sees each packet first; what it takes is not there for {@link packet}. */
  onPacket: (packet: SentPacket) => boolean = () => false;
  /** All packets that have come together are seen. */
  onBatch: () => void = () => undefined;

  private constructor(path: string, server: Server) {
    this.path = path;
    this.#server = server;
    server.on('connection', (link) => {
      this.#links.push(link);
      this.#tellArrived();
      this.#bytes = Buffer.alloc(0);
      this.#packets = [];
      link.on('error', () => undefined);
      link.on('data', (bytes) => {
        this.#take(bytes);
      });
    });
  }

  static async listen(path: string): Promise<MachineSocket> {
    const server = createServer().listen(path);
    await once(server, 'listening');
    return new MachineSocket(path, server);
  }

  /** When as many links were made; the gateway's side knows of one earlier than this one. */
  async linked(count = 1): Promise<void> {
    while (this.#links.length < count) await this.#arrived.promise;
  }

  /** Sends frames of the guest over the latest link. */
  send(...frames: readonly Uint8Array[]): void {
    for (const frame of frames) {
      const length = Buffer.alloc(lengthBytes);
      length.writeUInt32BE(frame.length);
      this.#links.at(-1)?.write(Buffer.concat([length, frame]));
    }
  }

  /** Sends a frame that has its length in front already. */
  sendWithLength(head: Uint8Array, payload: readonly Uint8Array[]): void {
    for (const piece of [head, ...payload]) this.#links.at(-1)?.write(piece);
  }

  /** The first packet over the link that is like this, after the one that was returned last. */
  async packet(isWanted: (packet: SentPacket) => boolean): Promise<SentPacket> {
    for (;;) {
      const at = this.#packets.findIndex(isWanted);
      const found = this.#packets[at];
      this.#packets = this.#packets.filter((_, index) => index > at);
      if (found !== undefined) return found;
      await this.#arrived.promise;
    }
  }

  /** Stops reading, as QEMU does whose guest takes nothing. */
  pause(): void {
    this.#links.at(-1)?.pause();
  }

  resume(): void {
    this.#links.at(-1)?.resume();
  }

  /** The link breaks; another one can be taken up. */
  cut(): void {
    this.#links.at(-1)?.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const link of this.#links) link.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #take(bytes: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    while (this.#bytes.length >= lengthBytes) {
      const end = lengthBytes + this.#bytes.readUInt32BE();
      if (this.#bytes.length < end) break;
      const packet = readSent(this.#bytes.subarray(0, end));
      this.#bytes = this.#bytes.subarray(end);
      if ('protocol' in packet && !this.onPacket(packet)) this.#packets.push(packet);
    }
    this.onBatch();
    this.#tellArrived();
  }

  #tellArrived(): void {
    this.#arrived.resolve(undefined);
    this.#arrived = Promise.withResolvers();
  }
}
