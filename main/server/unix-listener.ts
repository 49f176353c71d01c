/** The way in for programs of the same user: a unix socket that nobody else may open. */
import { chmod, mkdir, readdir, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { AppError } from '../engine/index.ts';
import { addressPath, parseSocketEndpoint } from './endpoints.ts';
import { refuseUpgrade } from './refuse-upgrade.ts';
import type { WebSockets } from './web-sockets.ts';

/** Bytes of sun_path without its NUL on macOS, the smaller of the two; unix(4). */
const maxSocketPathBytes = 103;
const namePattern = /^host-(\d+)-[0-9a-f]+\.sock$/;

/** What the listener serves; clients wait until it is there. */
export interface UnixService {
  readonly webSockets: WebSockets;
  /** Address for a browser, with its token. */
  readonly address: () => Promise<string>;
}

/** A listener on a unix socket. */
export interface UnixListener {
  readonly socketPath: string;
  close(): Promise<void>;
}

/**
 * Listens on a socket of a new name in `runtimeDir`. It may be called before the service is there,
 * so that whoever reads the path from the state directory's lock can connect at once.
 */
export async function listenOnUnixSocket(
  runtimeDir: string,
  service: Promise<UnixService>,
): Promise<UnixListener> {
  await mkdir(runtimeDir, { recursive: true, mode: 0o700 });
  const name = `host-${String(process.pid)}-${randomBytes(4).toString('hex')}.sock`;
  const socketPath = path.join(runtimeDir, name);
  if (Buffer.byteLength(socketPath) > maxSocketPathBytes) {
    throw new AppError(
      'host/path-too-long',
      `The socket path ${socketPath} is longer than ${String(maxSocketPathBytes)} bytes.`,
    );
  }
  const server = createServer((request, response) => {
    service
      .then(async ({ address }) => {
        if (request.method !== 'GET' || request.url !== addressPath) {
          response.writeHead(404).end();
          return;
        }
        const body = JSON.stringify({ url: await address() });
        response.writeHead(200, { 'content-type': 'application/json' }).end(body);
      })
      .catch(() => {
        response.writeHead(503).end();
      });
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    service.then(
      ({ webSockets }) => {
        const endpoint = parseSocketEndpoint(request.url ?? '');
        if (endpoint === undefined) refuseUpgrade(socket, 404);
        else webSockets.upgrade(endpoint, request, socket, head);
      },
      () => socket.destroy(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    // The mode is right from the first moment: the socket is made before listen() returns.
    const previous = process.umask(0o177);
    try {
      server.listen(socketPath, resolve);
    } finally {
      process.umask(previous);
    }
  });
  await chmod(socketPath, 0o600);
  return {
    socketPath,
    close: async () => {
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      });
      await rm(socketPath, { force: true });
    },
  };
}

/** Removes the sockets of processes that ended without doing so. */
export async function removeDeadSockets(runtimeDir: string): Promise<void> {
  for (const name of await readdir(runtimeDir)) {
    const pid = Number(namePattern.exec(name)?.[1]);
    if (Number.isInteger(pid) && !isAlive(pid))
      await rm(path.join(runtimeDir, name), { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
