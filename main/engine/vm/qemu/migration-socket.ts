/** The socket that QEMU writes a machine's state to. */
import { rm, type FileHandle } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** What is read before it is written. */
const maxAheadBytes = 4 * 1024 * 1024;

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
   * Writes what comes to a file, and has QEMU wait where that is slower; resolves at the end of it.
   * Rejects where it was broken off, and with the system's error where the file cannot be written.
   */
  async copy(file: FileHandle, onBytes: (bytes: number) => void): Promise<void> {
    const socket = await this.#connection.promise;
    let bytes = 0;
    socket.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      onBytes(bytes);
    });
    await pipeline(socket, fileSink(file));
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

/**
 * Writes to a file, whose stream of Node's own would close it. What came while a piece was written
 * is written at once, so that on a busy host neither side waits for the other at every piece.
 */
function fileSink(file: FileHandle): Writable {
  const write = (data: Buffer, done: (error?: Error | null) => void): void => {
    file.writeFile(data).then(() => {
      done();
    }, done);
  };
  return new Writable({
    highWaterMark: maxAheadBytes,
    write: (chunk: Buffer, _encoding, done) => {
      write(chunk, done);
    },
    writev: (pieces, done) => {
      write(Buffer.concat(pieces.map(({ chunk }) => chunk as Buffer)), done);
    },
  });
}
