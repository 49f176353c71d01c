/** The name servers of this machine, and one question to them. */
import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns';
import { connect, isIP } from 'node:net';
import { read16, write16 } from '../wire/bytes.ts';

const timeoutMs = 3000;
const refreshMs = 5000;
const maxServers = 3;
const truncatedFlag = 0x02;

/** A name server. */
export interface NameServer {
  readonly address: string;
  readonly port: number;
}

let known: { readonly servers: readonly NameServer[]; readonly atMs: number } | undefined;

/** Those of the system now; a laptop has others in each network. */
export function systemNameServers(): readonly NameServer[] {
  if (known !== undefined && Date.now() - known.atMs < refreshMs) return known.servers;
  const servers = new Resolver().getServers().slice(0, maxServers).map(parseServer);
  known = { servers, atMs: Date.now() };
  return servers;
}

function parseServer(text: string): NameServer {
  if (isIP(text) !== 0) return { address: text, port: 53 };
  const [, address = '', port = '53'] = /^\[?(.*?)\]?:(\d+)$/.exec(text) ?? [];
  return { address, port: Number(port) };
}

/**
 * Asks one server after the other; undefined where none answers. The answer has the id of the
 * query and is otherwise an attacker's.
 */
export async function forwardQuery(
  query: Uint8Array,
  servers: readonly NameServer[],
): Promise<Uint8Array | undefined> {
  for (const server of servers) {
    let answer = await askByUdp(query, server).catch(() => undefined);
    if (answer !== undefined && ((answer[2] ?? 0) & truncatedFlag) !== 0) {
      answer = (await askByTcp(query, server).catch(() => undefined)) ?? answer;
    }
    if (answer === undefined) continue;
    write16(answer, 0, read16(query, 0));
    return answer;
  }
  return undefined;
}

/** An id of our own, so that whoever guesses answers has to guess this one and the port. */
function withNewId(query: Uint8Array): { sent: Uint8Array; id: number } {
  const id = randomInt(0x10000);
  const sent = query.slice();
  write16(sent, 0, id);
  return { sent, id };
}

function isAnswer(bytes: Uint8Array, id: number): boolean {
  return bytes.length >= 12 && read16(bytes, 0) === id && ((bytes[2] ?? 0) & 0x80) !== 0;
}

async function askByUdp(query: Uint8Array, server: NameServer): Promise<Uint8Array> {
  const { sent, id } = withNewId(query);
  const socket = createSocket(isIP(server.address) === 6 ? 'udp6' : 'udp4');
  try {
    return await new Promise<Uint8Array>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error('No answer in time.'));
      }, timeoutMs);
      socket.once('close', () => {
        clearTimeout(timer);
      });
      socket.on('error', reject);
      socket.on('message', (message) => {
        if (isAnswer(message, id)) resolve(new Uint8Array(message));
      });
      // Connected, the kernel takes nothing from other addresses.
      socket.connect(server.port, server.address, () => {
        socket.send(sent);
      });
    });
  } finally {
    socket.close();
  }
}

async function askByTcp(query: Uint8Array, server: NameServer): Promise<Uint8Array> {
  const { sent, id } = withNewId(query);
  const socket = connect({ host: server.address, port: server.port, timeout: timeoutMs });
  const length = new Uint8Array(2);
  write16(length, 0, sent.length);
  const parts: Buffer[] = [];
  try {
    return await new Promise<Uint8Array>((resolve, reject) => {
      socket.on('error', reject);
      socket.on('timeout', () => {
        reject(new Error('No answer in time.'));
      });
      socket.on('close', () => {
        reject(new Error('The name server closed the connection.'));
      });
      socket.on('data', (chunk) => {
        parts.push(chunk);
        const all = Buffer.concat(parts);
        const size = all.length < 2 ? Infinity : 2 + all.readUInt16BE(0);
        if (all.length < size) return;
        const answer = new Uint8Array(all.subarray(2, size));
        if (isAnswer(answer, id)) resolve(answer);
        else reject(new Error('The name server answered something else.'));
      });
      socket.write(length);
      socket.write(sent);
    });
  } finally {
    socket.destroy();
  }
}
