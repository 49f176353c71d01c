import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { portError } from './port-error.ts';

const port = { bind: '127.0.0.1', hostPort: 8080, guestPort: 80, protocol: 'tcp' } as const;

function systemError(code: string): Error {
  return Object.assign(new Error(`listen ${code}`), { code });
}

describe('a port that cannot be listened on', () => {
  it.runIf(process.platform === 'linux')('says who has it and which one is free', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port: hostPort } = server.address() as AddressInfo;
    const error = await portError({ ...port, hostPort }, systemError('EADDRINUSE'));
    server.close();
    const at = `127.0.0.1:${String(hostPort)}/tcp`;
    const details = error.details as { holder: string; freePort: number };
    expect(error.code).toBe('network/port-in-use');
    expect(details).toMatchObject({ port: at });
    expect(details.holder).toContain(`(process ${String(process.pid)})`);
    expect(details.freePort).not.toBe(hostPort);
    expect(error.message).toBe(
      `${at} is in use by ${details.holder}. Port ${String(details.freePort)} is free.`,
    );
  });

  it('says only what can be known', async () => {
    // Held a moment ago.
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port: hostPort } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const error = await portError({ ...port, hostPort }, systemError('EADDRINUSE'));
    expect(error.details).not.toHaveProperty('holder');
    expect(error.message).toMatch(/^127\.0\.0\.1:\d+\/tcp is in use\. Port \d+ is free\.$/);
  });

  it('says that it is the system’s', async () => {
    const error = await portError({ ...port, hostPort: 80 }, systemError('EACCES'));
    expect(error.code).toBe('network/port-unavailable');
    expect(error.message).toContain("ports below 1024 are the system's. Port ");
    expect((error.details as { freePort: number }).freePort).toBeGreaterThanOrEqual(1024);
  });

  it('says that the address is none of this machine, and offers no port there', async () => {
    const error = await portError({ ...port, bind: '192.0.2.1' }, systemError('EADDRNOTAVAIL'));
    expect([error.code, error.message]).toEqual([
      'network/port-unavailable',
      '192.0.2.1 is no address of this machine.',
    ]);
    expect(error.details).toEqual({ port: '192.0.2.1:8080/tcp' });
    expect(error.hint).toContain('0.0.0.0');
  });

  it('says whatever else the system says', async () => {
    const cause = systemError('EMFILE');
    const error = await portError(port, cause);
    expect(error).toMatchObject({ code: 'network/port-unavailable', cause });
    expect(error.message).toBe('127.0.0.1:8080/tcp cannot be used: listen EMFILE');
  });

  it('says that what listens has ended, with no port that would be better', async () => {
    const cause = new Error('The thread has ended.');
    const error = await portError(port, cause);
    expect(error).toMatchObject({ code: 'network/gateway-failed', cause });
    expect(error.message).toBe(
      '127.0.0.1:8080/tcp cannot be listened on now: The thread has ended.',
    );
    expect(error.details).toEqual({ port: '127.0.0.1:8080/tcp' });
  });

  it('offers a port of the same protocol', async () => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const { port: hostPort } = socket.address();
    const held = { ...port, hostPort, protocol: 'udp' } as const;
    const error = await portError(held, systemError('EADDRINUSE'));
    socket.close();
    expect(error.code).toBe('network/port-in-use');
    expect(error.details).toMatchObject({ port: `127.0.0.1:${String(hostPort)}/udp` });
    expect((error.details as { freePort: number }).freePort).not.toBe(hostPort);
  });
});
