/** Who holds a port of this machine, where that can be known, and which one is free. */
import { readdir, readFile, readlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { createSocket } from 'node:dgram';
import type { PortMapping } from '../../../contract/config/port-mapping.ts';

const maxDescriptors = 100_000;
const triesForFree = 64;

/** `node (process 1234)`, or undefined where this user may not know. Linux alone says it. */
export async function findPortHolder(
  port: Pick<PortMapping, 'hostPort' | 'protocol'>,
): Promise<string | undefined> {
  const inodes = await socketInodes(port);
  if (inodes.size === 0) return undefined;
  let looked = 0;
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const descriptor of descriptors) {
      looked += 1;
      if (looked > maxDescriptors) return undefined;
      const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '');
      if (!inodes.has(target)) continue;
      const name = (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim();
      return `${name || 'a program'} (process ${pid})`;
    }
  }
  return undefined;
}

/** A port that can be listened on: the wanted one, one near it, or any. */
export async function findFreePort(
  { bind, protocol }: Pick<PortMapping, 'bind' | 'protocol'>,
  wanted: number,
): Promise<number> {
  for (
    let port = Math.max(wanted, 1024);
    port < wanted + triesForFree && port < 65_536;
    port += 1
  ) {
    if (await canListen(bind, port, protocol)) return port;
  }
  return listenOnce(bind, 0, protocol);
}

async function canListen(bind: string, port: number, protocol: 'tcp' | 'udp'): Promise<boolean> {
  try {
    await listenOnce(bind, port, protocol);
    return true;
  } catch {
    return false;
  }
}

function listenOnce(bind: string, port: number, protocol: 'tcp' | 'udp'): Promise<number> {
  return new Promise((resolve, reject) => {
    if (protocol === 'udp') {
      const socket = createSocket(bind.includes(':') ? 'udp6' : 'udp4');
      socket.once('error', (error) => {
        socket.close();
        reject(error);
      });
      socket.bind({ port, address: bind, exclusive: true }, () => {
        const { port: bound } = socket.address();
        socket.close(() => {
          resolve(bound);
        });
      });
      return;
    }
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host: bind, exclusive: true }, () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  });
}

/** Of sockets that listen at the port, or are bound to it, as /proc/PID/fd names them. */
async function socketInodes({
  hostPort,
  protocol,
}: Pick<PortMapping, 'hostPort' | 'protocol'>): Promise<Set<string>> {
  const inodes = new Set<string>();
  const wanted = hostPort.toString(16).toUpperCase().padStart(4, '0');
  for (const table of [protocol, `${protocol}6`]) {
    const text = await readFile(`/proc/net/${table}`, 'utf8').catch(() => '');
    for (const line of text.split('\n').slice(1)) {
      const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
      const isListening = protocol === 'udp' || state === '0A';
      if (isListening && local.endsWith(`:${wanted}`)) inodes.add(`socket:[${inode ?? ''}]`);
    }
  }
  return inodes;
}
