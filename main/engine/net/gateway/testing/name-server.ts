/** A name server of this machine's loopback, of the test's own. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import packet from 'dns-packet';
import type { NameServer } from '../resolvers.ts';

/** See the head of this file. It knows IPv4 addresses, and of other names that there are none. */
export class TestNameServer implements Disposable {
  readonly address: NameServer;
  /** Names that were asked for. */
  readonly asked: string[] = [];
  readonly #socket: Socket;

  private constructor(socket: Socket, addresses: Readonly<Record<string, string>>) {
    this.#socket = socket;
    this.address = { address: '127.0.0.1', port: socket.address().port };
    socket.on('message', (message, { port, address }) => {
      const { id = 0, questions = [] } = packet.decode(message);
      const name = questions[0]?.name ?? '';
      this.asked.push(name);
      const data = addresses[name];
      const answers = data === undefined ? [] : [{ type: 'A' as const, name, ttl: 300, data }];
      socket.send(packet.encode({ type: 'response', id, questions, answers }), port, address);
    });
  }

  static async listen(addresses: Readonly<Record<string, string>>): Promise<TestNameServer> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new TestNameServer(socket, addresses);
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }
}
