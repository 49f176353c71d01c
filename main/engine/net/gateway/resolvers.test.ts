import { createSocket, Socket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { forwardQuery, systemNameServers, type NameServer } from './resolvers.ts';

const query = Uint8Array.from([0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1]);
const open: (Socket | Server)[] = [];

afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

type Respond = (question: Buffer, say: (answer: Uint8Array) => void) => void;

async function udpServer(respond: Respond, port = 0): Promise<NameServer> {
  const socket = createSocket('udp4');
  open.push(socket);
  socket.on('message', (question, { port: to, address }: RemoteInfo) => {
    respond(question, (answer) => {
      socket.send(answer, to, address);
    });
  });
  socket.bind(port, '127.0.0.1');
  await once(socket, 'listening');
  return { address: '127.0.0.1', port: socket.address().port };
}

/** At a port that UDP has free, too. */
async function tcpServer(respond: Respond): Promise<NameServer> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (framed) => {
      respond(framed.subarray(2), (answer) => {
        const length = Buffer.alloc(2);
        length.writeUInt16BE(answer.length);
        // In pieces, as a stream may come.
        socket.write(length.subarray(0, 1));
        socket.write(length.subarray(1));
        socket.write(answer);
      });
    });
  });
  open.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('There is no port.');
  return { address: '127.0.0.1', port: address.port };
}

/** The question as an answer, with a mark to tell it by. */
function answerTo(question: Uint8Array, mark: number, flags = 0x81): Uint8Array {
  const answer = Uint8Array.from([...question, mark]);
  answer[2] = flags;
  return answer;
}

describe('a query', () => {
  it('comes back with the id that it had, and goes out with another', async () => {
    const ids: number[] = [];
    const server = await udpServer((question, say) => {
      ids.push(question.readUInt16BE(0));
      say(answerTo(question, 1));
    });
    for (let count = 0; count < 4; count += 1) {
      expect(await forwardQuery(query, [server])).toEqual(answerTo(query, 1));
    }
    expect(new Set(ids).size).toBeGreaterThan(1);
    expect([...query.subarray(0, 2)]).toEqual([0x12, 0x34]);
  });

  it('is not answered by another id, a question, or a few bytes', async () => {
    const server = await udpServer((question, say) => {
      const wrong = answerTo(question, 1);
      wrong[0] = (wrong[0] ?? 0) ^ 0xff;
      say(wrong);
      say(question);
      say(question.subarray(0, 5));
      say(answerTo(question, 2));
    });
    expect(await forwardQuery(query, [server])).toEqual(answerTo(query, 2));
  });

  it('is asked by TCP where the answer is cut, once with an id of its own', async () => {
    const tcp = await tcpServer((question, say) => {
      say(answerTo(question, 2));
    });
    const udp = await udpServer((question, say) => {
      say(answerTo(question, 1, 0x83));
    }, tcp.port);
    expect(await forwardQuery(query, [udp])).toEqual(answerTo(query, 2));
  });

  it('keeps the cut answer where TCP answers something else, or not at all', async () => {
    const tcp = await tcpServer((question, say) => {
      say(answerTo(Buffer.from(question).fill(9, 0, 2), 2));
    });
    const cut: Respond = (question, say) => {
      say(answerTo(question, 1, 0x83));
    };
    const servers = [await udpServer(cut, tcp.port), await udpServer(cut)];
    for (const server of servers) {
      expect(await forwardQuery(query, [server])).toEqual(answerTo(query, 1, 0x83));
    }
  });

  it('goes to the next server where one is dead, and to none after the last', async () => {
    const dead = await udpServer(() => undefined);
    const [socket] = open.splice(0);
    if (socket instanceof Socket)
      await new Promise((resolve) =>
        socket.close(() => {
          resolve(undefined);
        }),
      );
    const alive = await udpServer((question, say) => {
      say(answerTo(question, 3));
    });
    expect(await forwardQuery(query, [dead, alive])).toEqual(answerTo(query, 3));
    expect(await forwardQuery(query, [dead])).toBeUndefined();
    expect(await forwardQuery(query, [])).toBeUndefined();
  });
});

it('the name servers of this machine are addresses with ports', () => {
  for (const { address, port } of systemNameServers()) {
    expect(address).not.toBe('');
    expect(port).toBeGreaterThan(0);
  }
});
