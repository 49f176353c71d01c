import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { LinkKeeper } from './link-keeper.ts';
import { GatewayUnderTest } from './testing/gateway-under-test.ts';
import { HostServer, readAll, readBytes } from './testing/host-server.ts';
import { MachineSocket } from './testing/machine-socket.ts';

const directory = useTemporaryDirectory();

/** A keeper of a link that nothing is done with. */
function keeperOf(path: string) {
  const links: boolean[] = [];
  const keeper = new LinkKeeper(path, {
    onFrame: () => undefined,
    onBatch: () => undefined,
    onDrain: () => undefined,
    onLink: (isUp) => links.push(isUp),
  });
  return { keeper, links };
}

describe('the link to a machine', () => {
  it('is waited for at the start', async () => {
    const path = join(directory.path, 'link');
    const { keeper, links } = keeperOf(path);
    const opening = keeper.open();
    expect(keeper.link).toBeUndefined();
    await using machine = await MachineSocket.listen(path);
    await opening;
    await machine.linked();
    expect(links).toEqual([true]);
    keeper.close();
  });

  it('is not waited for by who was closed', async () => {
    const { keeper, links } = keeperOf(join(directory.path, 'link'));
    const opening = keeper.open();
    keeper.close();
    await expect(opening).rejects.toThrow('ENOENT');
    expect(links).toEqual([]);
  });

  it('is not made any more once it is closed on the way', async () => {
    const path = join(directory.path, 'link');
    await using machine = await MachineSocket.listen(path);
    const { keeper, links } = keeperOf(path);
    const opening = keeper.open();
    keeper.close();
    await opening;
    await machine.linked();
    expect(keeper.link).toBeUndefined();
    expect(links).toEqual([]);
  });
});

describe('a link that was lost', () => {
  it('is taken up again, and connections go on over it', async () => {
    await using server = await HostServer.listen();
    await using test = await GatewayUnderTest.open(directory.path);
    const client = await test.guest.connect(server.port).opened();
    const socket = await server.accepted();
    test.machine.cut();
    await test.linkChanged(2);
    // Nobody hears it now.
    client.write('lost at first, ');
    socket.write('lost at first as well, ');
    await test.linkChanged(3);
    expect(test.links).toEqual([true, false, true]);
    client.write('then found').end();
    socket.end('then found');
    expect((await readAll(socket)).toString()).toBe('lost at first, then found');
    await client.until(({ isEnded }) => isEnded);
    expect(client.text).toBe('lost at first as well, then found');
  });

  it('loses nothing of what was under way', async () => {
    const bytes = Buffer.alloc(4 * 1024 * 1024, 'in the middle of it');
    await using server = await HostServer.listen();
    await using test = await GatewayUnderTest.open(directory.path);
    const client = await test.guest.connect(server.port).opened();
    const socket = await server.accepted();
    socket.end(bytes);
    await client.receivedAll(1024 * 1024);
    test.machine.cut();
    await client.until(({ isEnded }) => isEnded);
    expect(client.received.equals(bytes)).toBe(true);
    expect(test.links).toEqual([true, false, true]);
  });

  it('may have been full', async () => {
    const bytes = Buffer.alloc(1024 * 1024, 'a full link');
    await using server = await HostServer.listen();
    await using test = await GatewayUnderTest.open(directory.path);
    const clients = await Promise.all(
      Array.from({ length: 4 }, () => test.guest.connect(server.port).opened()),
    );
    test.machine.pause();
    for (const client of clients) {
      expect(client.isOpen).toBe(true);
      (await server.accepted()).end(bytes);
    }
    // As much as the gateway takes for a link that takes nothing.
    for (let turns = 0; turns < 200; turns += 1) await new Promise(setImmediate);
    test.machine.cut();
    for (const client of clients) {
      await client.until(({ isEnded }) => isEnded);
      expect(client.received.equals(bytes)).toBe(true);
    }
  });

  it('may be lost again and again', async () => {
    await using server = await HostServer.listen();
    await using test = await GatewayUnderTest.open(directory.path);
    const client = await test.guest.connect(server.port).opened();
    const socket = await server.accepted();
    for (const changes of [3, 5]) {
      test.machine.cut();
      await test.linkChanged(changes);
    }
    client.write('still');
    expect(await readBytes(socket, 5)).toBe('still');
  });
});
