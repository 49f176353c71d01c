/** Ports of this machine for tests of what is published. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { PortMapping } from '../../../../contract/config/port-mapping.ts';
import { findFreePort } from '../port-holder.ts';

/** Below those that systems give away by themselves, so that nobody takes one meanwhile. */
let next = 10_000 + Math.floor(Math.random() * 20_000);

/** A port that nothing listens on; each call gives another one. */
export async function freePort(): Promise<number> {
  next = (await findFreePort({ bind: '127.0.0.1', protocol: 'tcp' }, next)) + 1;
  return next - 1;
}

/** A published port at a free one. */
export async function aPort(changes: Partial<PortMapping> = {}): Promise<PortMapping> {
  const hostPort = await freePort();
  return { bind: '127.0.0.1', hostPort, guestPort: 80, protocol: 'tcp', ...changes };
}

/** Another program that listens on a port; what it returns ends it. */
export async function holdPort(port: number): Promise<() => Promise<void>> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return () =>
    new Promise((resolve) => {
      server.close(() => {
        resolve();
      });
    });
}

/** Connects to a port of the loopback; `ECONNREFUSED` where nothing listens. */
export function tryPort(port: number): Promise<Socket | string> {
  const socket = connect(port, '127.0.0.1');
  const tried = Promise.withResolvers<Socket | string>();
  socket.once('connect', () => {
    tried.resolve(socket);
  });
  socket.on('error', ({ code = '' }: NodeJS.ErrnoException) => {
    tried.resolve(code);
  });
  return tried.promise;
}

/** Whether something listens on a port of the loopback. */
export async function isOpen(port: number): Promise<boolean> {
  const tried = await tryPort(port);
  if (typeof tried === 'string') return false;
  tried.destroy();
  return true;
}
