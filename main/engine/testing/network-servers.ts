/**
 * The rest of the world, for a network namespace of its own: HTTP at 80 and 8081 (`/index/N` is the first N
 * bytes of the stream), TLS's first bytes
 * at 443, echoes by TCP 7 and UDP 9000, a source and a sink of bytes, and DNS at 53. Says `ready`.
 */
import { createSocket } from 'node:dgram';
import { createHash } from 'node:crypto';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import packet, { type Answer } from 'dns-packet';
import { digestOf, partAt, partBytes } from './network-stream.ts';

const streamBytes = 1024 * 1024 * 1024;

/** Names and their addresses; one of them moves with each question. */
const zone: Readonly<Record<string, readonly string[]>> = {
  'public.test': ['203.0.113.7', '2001:db8:1::7'],
  'private.test': ['10.0.0.7'],
  'mixed.test': ['203.0.113.7', '10.0.0.7'],
  'cdn-a.test': ['203.0.113.9'],
  'cdn-b.test': ['203.0.113.9'],
};
let moves = 0;

function answer(query: Uint8Array): Buffer | undefined {
  const decoded = packet.decode(Buffer.from(query));
  const [question] = decoded.questions ?? [];
  if (question === undefined) return undefined;
  const name = question.name.toLowerCase();
  const isMoving = name === 'moving.test' && question.type === 'A';
  if (isMoving) moves += 1;
  const addresses = isMoving ? [moves % 2 === 1 ? '203.0.113.7' : '203.0.113.9'] : zone[name];
  const type = question.type === 'AAAA' ? 'AAAA' : 'A';
  const answers = (addresses ?? [])
    .filter((address) => address.includes(':') === (type === 'AAAA'))
    .map((data): Answer => ({ type, name: question.name, ttl: 30, data }));
  const isKnown = addresses !== undefined || name === 'moving.test';
  return packet.encode({
    type: 'response',
    id: decoded.id ?? 0,
    flags: packet.RECURSION_AVAILABLE | (isKnown ? 0 : 3),
    questions: [question],
    answers: question.type === type ? answers : [],
  });
}

function listen(port: number, serve: (socket: Socket) => void): Promise<void> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    serve(socket);
  });
  return new Promise((resolve) => {
    server.listen({ port, host: '::', backlog: 511 }, resolve);
  });
}

function source(socket: Socket): void {
  let at = 0;
  const send = (): void => {
    while (at < streamBytes) {
      const chunk = partAt(at);
      at += partBytes;
      if (!socket.write(chunk)) {
        socket.once('drain', send);
        return;
      }
    }
    socket.end();
  };
  send();
}

/** Says the length and the digest of what came. */
function sink(socket: Socket): void {
  const hash = createHash('md5');
  let length = 0;
  socket.on('data', (bytes) => {
    hash.update(bytes);
    length += bytes.length;
  });
  socket.on('end', () => {
    socket.end(`${String(length)} ${hash.digest('hex')}\n`);
  });
}

// The addresses are there when the parent says so.
await new Promise((resolve) => process.once('message', resolve));

const web = (port: number): Promise<void> =>
  new Promise((resolve) => {
    const server = createHttpServer((request, response) => {
      const at = request.socket.localAddress?.replace(/^::ffff:/, '') ?? '';
      const from = request.socket.remoteAddress?.replace(/^::ffff:/, '') ?? '';
      const size = Number(/^\/index\/(\d+)$/.exec(request.url ?? '')?.[1] ?? 0);
      response.end(size === 0 ? `served ${at} to ${from}\n` : partAt(0).subarray(0, size));
    });
    server.listen({ port, host: '::' }, resolve);
  });

await Promise.all([
  web(80),
  web(8081),
  listen(443, (socket) => {
    socket.once('data', () => socket.end('hello'));
  }),
  listen(7, (socket) => socket.pipe(socket)),
  listen(2000, source),
  listen(2001, sink),
  listen(53, (socket) => {
    socket.once('data', (bytes) => {
      const reply = answer(bytes.subarray(2));
      if (reply === undefined) return;
      const length = Buffer.alloc(2);
      length.writeUInt16BE(reply.length);
      socket.end(Buffer.concat([length, reply]));
    });
  }),
]);
/** Bound to each address: an answer has to come from where it was asked. */
const addresses = Object.values(networkInterfaces())
  .flatMap((each) => each ?? [])
  .filter(({ address }) => !address.startsWith('fe80:'));
for (const { address, family } of addresses) {
  for (const [port, serve] of [
    [53, answer],
    [9000, (bytes: Uint8Array) => Buffer.from(bytes)],
  ] as const) {
    const socket = createSocket(family === 'IPv6' ? 'udp6' : 'udp4');
    socket.on('message', (message, from) => {
      const reply = serve(message);
      if (reply !== undefined) socket.send(reply, from.port, from.address);
    });
    await new Promise<void>((resolve) => {
      socket.bind(port, address, resolve);
    });
  }
}
process.send?.({ digest: digestOf(streamBytes), bytes: streamBytes });
