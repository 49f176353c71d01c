/** A TCP relay to a server of this machine, which breaks connections off. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** See {@link startCuttingRelay}. */
export interface CuttingRelay extends AsyncDisposable {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  /** How many connections it has broken off. */
  readonly cuts: number;
}

/** Breaks off the first connections over which more than so many bytes are sent, one for each number. */
export async function startCuttingRelay(
  target: string,
  cutAfter: readonly number[],
): Promise<CuttingRelay> {
  const [host = '', port = ''] = target.split(':');
  const sockets = new Set<Socket>();
  let cuts = 0;
  const server = createServer((near) => {
    const far = connect(Number(port), host);
    let passed = 0;
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => other.destroy());
    }
    far.pipe(near);
    near.on('data', (bytes) => {
      passed += bytes.length;
      const limit = cutAfter[cuts];
      if (limit !== undefined && passed > limit) {
        cuts += 1;
        near.destroy();
        return;
      }
      if (!far.write(bytes)) near.pause();
    });
    far.on('drain', () => near.resume());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    get cuts() {
      return cuts;
    },
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
