import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { connectUnixSocket, waitForFile } from './unix-socket.ts';

describe('waitForFile', () => {
  const temporary = useTemporaryDirectory();

  it('sees a file that is there, and one that comes', async () => {
    const { signal } = new AbortController();
    const waiting = waitForFile(join(temporary.path, 'b'), signal);
    await writeFile(join(temporary.path, 'a'), '');
    await waitForFile(join(temporary.path, 'a'), signal);
    await writeFile(join(temporary.path, 'b'), '');
    await waiting;
  });

  it('ends when it is cancelled', async () => {
    const cancel = new AbortController();
    const waiting = waitForFile(join(temporary.path, 'never'), cancel.signal);
    cancel.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'operation/cancelled' });
  });

  it('rejects where there is no directory', async () => {
    const { signal } = new AbortController();
    await expect(waitForFile(join(temporary.path, 'no', 'file'), signal)).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });
});

describe('connectUnixSocket', () => {
  const temporary = useTemporaryDirectory();

  it('rejects as the system does, or as cancelled', async () => {
    const path = join(temporary.path, 'nobody.sock');
    await expect(connectUnixSocket(path)).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(connectUnixSocket(path, AbortSignal.abort())).rejects.toMatchObject({
      code: 'operation/cancelled',
    });
  });

  it('does not end this process when the other side resets what nobody listens to yet', async () => {
    const path = join(temporary.path, 'resets.sock');
    // A peer that closes with bytes unread resets the connection.
    const server = createServer({ pauseOnConnect: true });
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    await new Promise<void>((resolve) => server.listen(path, resolve));
    const socket = await connectUnixSocket(path);
    await new Promise((resolve) => socket.write('unread', resolve));
    const [peer] = await accepted;
    peer.destroy();
    await new Promise((resolve) => socket.on('close', resolve).resume());
    expect(socket.errored).toMatchObject({ code: 'ECONNRESET' });
    server.close();
  });
});
