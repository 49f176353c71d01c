/** A server of this machine, which a guest reaches at the gateway's address. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Bell } from './bell.ts';

/** See the head of this file. Nothing is read of what it accepts until somebody does. */
export class HostServer implements AsyncDisposable {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #bell = new Bell();
  #waiting: Socket[] = [];

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (socket) => {
      socket.on('error', () => undefined);
      this.#sockets.add(socket);
      this.#waiting.push(socket);
      this.#bell.ring();
    });
  }

  static async listen(host = '127.0.0.1'): Promise<HostServer> {
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
    server.listen(0, host);
    await once(server, 'listening');
    return new HostServer(server);
  }

  get hasWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** The next connection. */
  async accepted(): Promise<Socket> {
    await this.#bell.until(() => this.hasWaiting);
    const [first, ...others] = this.#waiting;
    this.#waiting = others;
    if (first === undefined) throw new Error('There is no connection.');
    return first;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Everything that comes until the other side ends. */
export async function readAll(socket: Socket): Promise<Buffer> {
  const parts: Buffer[] = [];
  socket.on('data', (part: Buffer) => parts.push(part));
  const ended = once(socket, 'end');
  socket.resume();
  await ended;
  return Buffer.concat(parts);
}

/** The next bytes, as many as are wanted; the rest stays. */
export async function readBytes(socket: Socket, byteCount: number): Promise<string> {
  socket.pause();
  for (;;) {
    const bytes = socket.read(byteCount) as Buffer | null;
    if (bytes !== null) return bytes.toString('latin1');
    await once(socket, 'readable');
  }
}
