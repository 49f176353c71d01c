/** The socket that QEMU writes a machine's state to. */
import { rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';

/** See the head of this file. One connection is taken; later ones are closed. */
export class MigrationSocket implements AsyncDisposable {
  readonly #path: string;
  readonly #server: Server;
  readonly #connection = Promise.withResolvers<Socket>();
  #socket: Socket | undefined;

  private constructor(path: string) {
    this.#path = path;
    this.#connection.promise.catch(() => undefined);
    this.#server = createServer((socket) => {
      // Its end is what counts; how QEMU says that it failed is not by this.
      socket.on('error', () => undefined);
      if (this.#socket !== undefined) {
        socket.destroy();
        return;
      }
      this.#socket = socket;
      this.#connection.resolve(socket);
    });
  }

  /** Listens at a path in a directory that is this user's alone; what is left there is removed. */
  static async listen(path: string): Promise<MigrationSocket> {
    const listening = new MigrationSocket(path);
    await rm(path, { force: true });
    await new Promise<void>((resolve, reject) => {
      listening.#server.once('error', reject);
      listening.#server.listen(path, resolve);
    });
    return listening;
  }

  /**
   * Gives what comes to `write`, which is waited for, so that QEMU waits too; resolves at the end of
   * it. Rejects where it breaks, or was broken off.
   */
  async copy(write: (chunk: Buffer) => Promise<void>): Promise<void> {
    const socket = await this.#connection.promise;
    for await (const chunk of socket as AsyncIterable<Buffer>) await write(chunk);
  }

  /** Ends what is being copied: QEMU fails to write. */
  breakOff(): void {
    const why = new Error('Copying was broken off.');
    this.#connection.reject(why);
    this.#socket?.destroy(why);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.breakOff();
    await new Promise((resolve) => this.#server.close(resolve));
    await rm(this.#path, { force: true });
  }
}
