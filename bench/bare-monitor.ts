/** A monitor of a bare QEMU: no more than the few commands that saving and restoring take. */
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';

interface QmpMessage {
  readonly event?: string;
  readonly data?: { readonly status?: string };
  readonly error?: { readonly desc: string };
  readonly return?: unknown;
}

/** Listens before QEMU starts, which connects by itself: nobody has to look for a socket. */
export class BareMonitor implements AsyncDisposable {
  readonly #server: Server;
  readonly #connected: Promise<Socket>;
  #text = '';
  #messages: QmpMessage[] = [];
  #arrived = Promise.withResolvers<undefined>();

  private constructor(server: Server) {
    this.#server = server;
    this.#connected = (once(server, 'connection') as Promise<[Socket]>).then(([socket]) => {
      socket.on('error', () => undefined);
      socket.on('data', (chunk: Buffer) => {
        this.#take(chunk.toString());
      });
      return socket;
    });
  }

  static async listen(socketPath: string): Promise<BareMonitor> {
    await rm(socketPath, { force: true });
    const server = createServer().listen(socketPath);
    await once(server, 'listening');
    return new BareMonitor(server);
  }

  /** Runs commands, one behind the other without waiting in between. @throws Error where one fails */
  async execute(...commands: readonly (readonly [string, object?])[]): Promise<unknown[]> {
    const socket = await this.#connected;
    for (const [name, commandArguments = {}] of commands) {
      socket.write(`${JSON.stringify({ execute: name, arguments: commandArguments })}\n`);
    }
    const answers: unknown[] = [];
    for (const [name] of commands) {
      const answer = await this.#next(
        (message) => message.error !== undefined || 'return' in message,
      );
      if (answer.error !== undefined) throw new Error(`${name}: ${answer.error.desc}`);
      answers.push(answer.return);
    }
    return answers;
  }

  /** Waits for an event that says this status. */
  async event(name: string, status: string): Promise<void> {
    await this.#next(({ event, data }) => event === name && data?.status === status);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    void this.#connected.then((socket) => socket.destroy());
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #next(isWanted: (message: QmpMessage) => boolean): Promise<QmpMessage> {
    for (;;) {
      const at = this.#messages.findIndex(isWanted);
      const [found] = at < 0 ? [] : this.#messages.splice(at, 1);
      if (found !== undefined) return found;
      await this.#arrived.promise;
    }
  }

  #take(text: string): void {
    this.#text += text;
    const lines = this.#text.split('\n');
    this.#text = lines.pop() ?? '';
    this.#messages.push(...lines.map((line) => JSON.parse(line) as QmpMessage));
    this.#arrived.resolve(undefined);
    this.#arrived = Promise.withResolvers();
  }
}
