import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { findFreePort, findPortHolder } from './port-holder.ts';

/** A port that this process listens on until it is disposed of. */
async function held(protocol: 'tcp' | 'udp'): Promise<{ port: number } & AsyncDisposable> {
  const listener = protocol === 'udp' ? createSocket('udp4') : createServer();
  if ('bind' in listener) listener.bind(0, '127.0.0.1');
  else listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  return {
    port,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        listener.close(() => {
          resolve();
        });
      }),
  };
}

describe.each(['tcp', 'udp'] as const)('a %s port', (protocol) => {
  it.runIf(process.platform === 'linux')('that is held is found with its process', async () => {
    const name = readFileSync('/proc/self/comm', 'utf8').trim();
    const listener = await held(protocol);
    const at = { hostPort: listener.port, protocol };
    expect(await findPortHolder(at)).toBe(`${name} (process ${String(process.pid)})`);
    await listener[Symbol.asyncDispose]();
    expect(await findPortHolder(at)).toBeUndefined();
  });

  it('that is free is found near the one that is wanted, and can be listened on', async () => {
    await using listener = await held(protocol);
    const free = await findFreePort({ bind: '127.0.0.1', protocol }, listener.port);
    expect(free).toBeGreaterThanOrEqual(1024);
    expect(free).not.toBe(listener.port);
    expect(free).toBeLessThanOrEqual(65_535);
  });

  it('is none of the system for a wanted one that is', async () => {
    expect(await findFreePort({ bind: '127.0.0.1', protocol }, 80)).toBeGreaterThanOrEqual(1024);
    expect(await findFreePort({ bind: '127.0.0.1', protocol }, 1000)).toBeGreaterThanOrEqual(1024);
  });

  it('is not free at an address that this machine does not have', async () => {
    await expect(findFreePort({ bind: '192.0.2.1', protocol }, 65_500)).rejects.toThrow();
  });
});
