import { rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { QmpClient, QmpError, type QmpEvent } from './qmp.ts';
import { connectUnixSocket } from '../../host/unix-socket.ts';

const greeting = '{"QMP": {"version": {"qemu": {"micro": 22, "minor": 2, "major": 7}}}}\r\n';

interface Command {
  readonly execute: string;
  readonly id: number;
  readonly arguments: unknown;
}

describe('QmpClient', () => {
  const temporary = useTemporaryDirectory();

  /** A monitor that greets and answers as the script says; the client side is returned. */
  async function monitor(
    answer: (command: Command, socket: Socket) => void,
    hello = greeting,
  ): Promise<Socket> {
    const path = join(temporary.path, 'qmp.sock');
    await rm(path, { force: true });
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      socket.write(hello);
      const lines = createInterface({ input: socket });
      lines.on('error', () => undefined);
      lines.on('line', (line) => {
        answer(JSON.parse(line) as Command, socket);
      });
    });
    await new Promise<void>((resolve) => server.listen(path, resolve));
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    return connectUnixSocket(path);
  }

  const accept = ({ id }: Command, socket: Socket): void => {
    socket.write(`{"return": {}, "id": ${String(id)}}\r\n`);
  };

  it('greets, negotiates, and matches answers that come in another order', async () => {
    const waiting: Command[] = [];
    const stream = await monitor((command, socket) => {
      if (command.execute === 'qmp_capabilities') accept(command, socket);
      else waiting.push(command);
      if (waiting.length < 2) return;
      for (const { id, execute } of waiting.reverse()) {
        socket.write(`${JSON.stringify({ return: execute, id })}\r\n`);
      }
    });
    const client = await QmpClient.connect(stream);
    const answers = await Promise.all([client.execute('first'), client.execute('second')]);
    expect(answers).toEqual(['first', 'second']);
    client.close();
    expect(await client.closed).toBeUndefined();
  });

  it('passes arguments, and refusals with QEMU’s own words', async () => {
    const stream = await monitor((command, socket) => {
      if (command.execute === 'qmp_capabilities') {
        accept(command, socket);
        return;
      }
      const error = { class: 'DeviceNotFound', desc: `No ${JSON.stringify(command.arguments)}` };
      socket.write(`${JSON.stringify({ error, id: command.id })}\r\n`);
    });
    const client = await QmpClient.connect(stream);
    const refusal = await client.execute('eject', { id: 'x' }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(QmpError);
    expect(refusal).toMatchObject({
      errorClass: 'DeviceNotFound',
      message: 'QEMU refused eject: No {"id":"x"}',
    });
    client.close();
  });

  it('hears events, in whatever pieces they come', async () => {
    const event = `{"event":"SHUTDOWN","data":{"guest":true,"reason":"guest-reset"},"timestamp":{}}\n`;
    const stream = await monitor((command, socket) => {
      accept(command, socket);
      if (command.execute !== 'go') return;
      socket.write(event + event.slice(0, 20));
      setImmediate(() => socket.write(`${event.slice(20)}\n`));
    });
    const client = await QmpClient.connect(stream);
    const heard: QmpEvent[] = [];
    const two = new Promise<void>((resolve) => {
      client.onEvent((one) => {
        if (heard.push(one) === 2) resolve();
      });
    });
    await client.execute('go');
    await two;
    const expected = { event: 'SHUTDOWN', data: { guest: true, reason: 'guest-reset' } };
    expect(heard).toMatchObject([expected, expected]);
    client.close();
  });

  it('rejects what waits when the monitor goes', async () => {
    const stream = await monitor((command, socket) => {
      if (command.execute === 'qmp_capabilities') accept(command, socket);
      else socket.destroy();
    });
    const client = await QmpClient.connect(stream);
    await expect(client.execute('quit')).rejects.toThrow('The monitor closed before it');
    await client.closed;
    expect(client.isClosed).toBe(true);
    await expect(client.execute('quit')).rejects.toThrow('The monitor is closed');
  });

  it.each([
    ['a line that is not JSON', 'hello\n', 'a line that is not QMP: hello'],
    ['JSON that is not QMP', '{"answer":1}\n', 'a line that is not QMP: {"answer":1}'],
    ['a line without an end', 'x'.repeat(300 * 1024), 'a line of more than 262144 bytes'],
  ])('closes a monitor that sends %s', async (_what, text, problem) => {
    const stream = await monitor(() => undefined, text);
    await expect(QmpClient.connect(stream)).rejects.toThrow(problem);
    expect(stream.destroyed).toBe(true);
  });

  it('does not wait for ever, nor after it was cancelled', async () => {
    const silent = await monitor(() => undefined, '');
    await expect(QmpClient.connect(silent, { timeoutMs: 20 })).rejects.toThrow(
      'The monitor gave no greeting in 0.02 s.',
    );
    expect(silent.destroyed).toBe(true);
    const again = await monitor(() => undefined);
    await expect(QmpClient.connect(again, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'operation/cancelled',
    });
    expect(again.destroyed).toBe(true);
  });

  it('ignores answers that nobody waits for', async () => {
    const stream = await monitor((command, socket) => {
      socket.write('{"return": 1, "id": 999}\n{"error": {"class": "GenericError", "desc": "x"}}\n');
      accept(command, socket);
    });
    const client = await QmpClient.connect(stream);
    expect(await client.execute('query-status')).toEqual({});
    client.close();
  });
});
