import { describe, expect, it } from 'vitest';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { clientHello } from './testing/client-hello.ts';
import { query } from './testing/dns-service-under-test.ts';
import { GatewayUnderTest } from './testing/gateway-under-test.ts';
import { HostServer, readBytes } from './testing/host-server.ts';

const directory = useTemporaryDirectory();

function request(host: string): string {
  return `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
}

describe('a connection that no rule allows', () => {
  it('is reset at once', async () => {
    await using server = await HostServer.listen();
    await using test = await GatewayUnderTest.open(directory.path, { policy: 'none' });
    expect(await test.guest.connect(server.port).closed()).toBe('refused');
    expect(server.hasWaiting).toBe(false);
  });

  it.each([80, 8000, 8080])('gets a request of HTTP to port %i answered in words', async (port) => {
    await using test = await GatewayUnderTest.open(directory.path, { policy: 'none' });
    const client = await test.guest.connect(port).opened();
    client.write('GET / HTTP/1.1\r\nHo').write('st: example.org\r\n\r\n');
    await client.until(({ isEnded }) => isEnded);
    expect(client.text).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/);
    expect(client.text).toContain('X-Skerry-Rule: policy none: deny everything else\r\n');
    client.end();
    expect(await client.closed()).toBe('finished');
  });

  it('gets its request answered though it says that nothing follows', async () => {
    await using test = await GatewayUnderTest.open(directory.path, { policy: 'none' });
    const client = await test.guest.connect(80).opened();
    client.write(request('example.org')).end();
    await client.until(({ isEnded, closedBy }) => isEnded || closedBy !== undefined);
    expect(client.hasReset).toBe(false);
    expect(client.text).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/);
  });

  it.each([
    ['TLS', clientHello('example.org')],
    ['something else', Buffer.from('SSH-2.0-test\r\n')],
  ])('is reset where it says %s to a port of HTTP', async (_what, bytes) => {
    await using test = await GatewayUnderTest.open(directory.path, { policy: 'none' });
    const client = await test.guest.connect(80).opened();
    client.write(bytes);
    expect(await client.closed()).toBe('reset');
    expect(client.receivedBytes).toBe(0);
  });

  it('is reset where it says nothing and ends', async () => {
    await using test = await GatewayUnderTest.open(directory.path, { policy: 'none' });
    const client = await test.guest.connect(80).opened();
    client.end();
    expect(await client.closed()).toBe('reset');
  });
});

describe('where a rule denies a name', () => {
  const network = { policy: 'all', deny: ['*.bad.test'] };

  it('a request for it is answered in words, and the server hears nothing of it', async () => {
    await using server = await HostServer.listen();
    await using test = await GatewayUnderTest.open(directory.path, network);
    const client = await test.guest.connect(server.port).opened();
    const socket = await server.accepted();
    client.write(request('www.BAD.test'));
    await client.until(({ isEnded }) => isEnded);
    expect(client.text).toContain('X-Skerry-Rule: deny *.bad.test\r\n');
    expect(socket.read()).toBeNull();
    const decision = await test.decided(({ verdict }) => verdict === 'deny');
    expect(decision).toMatchObject({ name: 'www.bad.test', rule: 'deny *.bad.test' });
  });

  it('TLS for it is reset', async () => {
    await using server = await HostServer.listen();
    await using test = await GatewayUnderTest.open(directory.path, network);
    const client = await test.guest.connect(server.port).opened();
    client.write(clientHello('a.bad.test'));
    expect(await client.closed()).toBe('reset');
  });

  it('what begins as TLS and cannot be read is reset', async () => {
    await using server = await HostServer.listen();
    await using test = await GatewayUnderTest.open(directory.path, network);
    const client = await test.guest.connect(server.port).opened();
    client.write(Uint8Array.of(22, 3, 1, 0, 0, 1));
    expect(await client.closed()).toBe('reset');
    const { source } = await test.decided(({ verdict }) => verdict === 'deny');
    expect(source).toBe('built-in');
  });

  it.each([
    ['HTTP for another name', Buffer.from(request('good.test'))],
    ['TLS for another name', Buffer.from(clientHello('good.test'))],
    ['what has no name', Buffer.from('SSH-2.0-test\r\n')],
  ])('%s passes whole, in pieces too', async (_what, bytes) => {
    await using server = await HostServer.listen();
    await using test = await GatewayUnderTest.open(directory.path, network);
    const client = await test.guest.connect(server.port).opened();
    client.write(bytes.subarray(0, 9));
    await client.until(({ queuedBytes }) => queuedBytes === 0);
    client.write(bytes.subarray(9)).write('and more');
    const socket = await server.accepted();
    expect(await readBytes(socket, bytes.length + 8)).toBe(`${bytes.toString('latin1')}and more`);
  });

  it('a server that speaks first is heard, and a client that ends without a word passes', async () => {
    await using server = await HostServer.listen();
    await using test = await GatewayUnderTest.open(directory.path, network);
    const client = await test.guest.connect(server.port).opened();
    const socket = await server.accepted();
    socket.write('220 hello');
    await client.receivedAll(9);
    client.end();
    socket.end(' and goodbye');
    socket.resume();
    await client.until(({ isEnded }) => isEnded);
    expect(client.text).toBe('220 hello and goodbye');
  });
});

describe('where names alone are allowed', () => {
  // The address itself has to be allowed for an answer with it, here for one port that nobody asks for.
  const network = { policy: 'allow-list', allow: ['host:1', 'host.skerry.internal'] };

  async function looksUpHost(test: GatewayUnderTest): Promise<void> {
    const dns = await test.guest.connect(53).opened();
    const bytes = query('A', 'host.skerry.internal');
    dns.write(Uint8Array.of(0, bytes.length)).write(bytes).end();
    await dns.until(({ isEnded }) => isEnded);
  }

  it('the address of one that was not looked up is refused', async () => {
    await using server = await HostServer.listen();
    await using test = await GatewayUnderTest.open(directory.path, network);
    expect(await test.guest.connect(server.port).closed()).toBe('refused');
  });

  it('a server of another name at the same address is refused', async () => {
    await using server = await HostServer.listen();
    await using test = await GatewayUnderTest.open(directory.path, network);
    await looksUpHost(test);
    const tls = await test.guest.connect(server.port).opened();
    tls.write(clientHello('other.test'));
    expect(await tls.closed()).toBe('reset');
    const http = await test.guest.connect(server.port).opened();
    http.write(request('other.test'));
    await http.until(({ isEnded }) => isEnded);
    expect(http.text).toContain('X-Skerry-Rule: policy allow-list: deny everything else\r\n');
  });

  it('the server of the name is reached', async () => {
    await using server = await HostServer.listen();
    await using test = await GatewayUnderTest.open(directory.path, network);
    await looksUpHost(test);
    for (const bytes of [
      Buffer.from(request('host.skerry.internal')),
      Buffer.from(clientHello('host.skerry.internal')),
    ]) {
      const client = await test.guest.connect(server.port).opened();
      client.write(bytes);
      const text = await readBytes(await server.accepted(), bytes.length);
      expect(text).toBe(bytes.toString('latin1'));
    }
  });
});

describe('a change of policy', () => {
  it('ends the connections that are not allowed any more, and no others', async () => {
    await using kept = await HostServer.listen();
    await using ended = await HostServer.listen();
    await using test = await GatewayUnderTest.open(directory.path);
    const stays = await test.guest.connect(kept.port).opened();
    const goes = await test.guest.connect(ended.port).opened();
    test.configure({ policy: 'all', deny: [`host:${String(ended.port)}`] });
    expect(await goes.closed()).toBe('reset');
    expect(goes.hasReset).toBe(true);
    stays.write('still here');
    expect(await readBytes(await kept.accepted(), 10)).toBe('still here');
    expect(await test.guest.connect(ended.port).closed()).toBe('refused');
  });

  it('ends those whose server is not known yet, where no name would help', async () => {
    await using server = await HostServer.listen();
    await using test = await GatewayUnderTest.open(directory.path, {
      policy: 'all',
      deny: ['bad.test'],
    });
    const client = await test.guest.connect(server.port).opened();
    (await server.accepted()).write('220 hello');
    await client.receivedAll(9);
    test.configure({ policy: 'all', deny: ['bad.test', 'other.test'] });
    expect(client.closedBy).toBeUndefined();
    test.configure({ policy: 'none' });
    expect(await client.closed()).toBe('reset');
    expect(test.gateway.traffic().tcpConnections).toBe(0);
  });
});
