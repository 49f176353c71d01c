/** A real host process over the fake engine, asked with raw requests and by real clients. */
import { mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { AppError, silentLogger } from '../engine/index.ts';
import { FakeEngine } from '../engine/testing/fake-engine.ts';
import { patternBytes } from '../engine/testing/fake-session.ts';
import { connectHost, requestAddress } from './client/host-client.ts';
import { SessionClient } from './client/session-client.ts';
import { startHostProcess, type HostProcess } from './host-process.ts';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

interface Setup {
  readonly dir: string;
  readonly host: HostProcess;
  readonly engine: FakeEngine;
}

async function start(isBuilt = true): Promise<Setup> {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'skerry-host-'));
  ends.push(() => rm(dir, { recursive: true }));
  const rendererDir = path.join(dir, 'renderer');
  if (isBuilt) {
    await mkdir(path.join(rendererDir, 'assets'), { recursive: true });
    await writeFile(path.join(rendererDir, 'index.html'), '<!doctype html>the window');
    await writeFile(path.join(rendererDir, 'assets/app-1a2b.js'), 'start();');
    await writeFile(path.join(rendererDir, '.env'), 'hidden');
    await writeFile(path.join(dir, 'secret.txt'), 'outside');
    await symlink(path.join(dir, 'secret.txt'), path.join(rendererDir, 'link.txt'));
  }
  const engine = new FakeEngine();
  const host = await startHostProcess({
    paths: {
      stateDir: path.join(dir, 'state'),
      cacheDir: path.join(dir, 'cache'),
      runtimeDir: path.join(dir, 'run'),
    },
    version: '0.0.0',
    logger: silentLogger,
    rendererDir,
    openEngine: () => Promise.resolve(engine),
  });
  ends.push(() => host.close());
  return { dir, host, engine };
}

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** Sends a request as it stands, which no client library would. */
async function ask(url: URL, target: string, headers: Record<string, string> = {}, method = 'GET') {
  const lines = Object.entries({ Host: url.host, ...headers }).map(([k, v]) => `${k}: ${v}\r\n`);
  const text = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(url.port), '127.0.0.1');
    const parts: Buffer[] = [];
    socket.on('data', (part) => parts.push(part));
    socket.on('end', () => {
      resolve(Buffer.concat(parts).toString());
    });
    socket.on('error', reject);
    socket.write(`${method} ${target} HTTP/1.1\r\nConnection: close\r\n${lines.join('')}\r\n`);
  });
  const end = text.indexOf('\r\n\r\n');
  const [statusLine = '', ...headerLines] = text.slice(0, end).split('\r\n');
  const answer: Answer = {
    status: Number(statusLine.split(' ')[1]),
    headers: Object.fromEntries(
      headerLines.map((line) => [
        line.slice(0, line.indexOf(':')).toLowerCase(),
        line.slice(line.indexOf(':') + 2),
      ]),
    ),
    body: text.slice(end + 4),
  };
  return answer;
}

async function signIn(host: HostProcess): Promise<{ url: URL; cookie: string }> {
  const url = new URL(await host.address());
  const answer = await ask(url, url.pathname + url.search);
  expect(answer.status).toBe(303);
  const cookie = answer.headers['set-cookie']?.split(';')[0];
  if (cookie === undefined) throw new Error('No cookie was set.');
  return { url, cookie };
}

describe('the loopback address', () => {
  it('turns the token into a cookie and takes it out of the address', async () => {
    const { host } = await start();
    const url = new URL(await host.address());
    const answer = await ask(url, url.pathname + url.search);

    expect(answer.status).toBe(303);
    expect(answer.headers['location']).toBe('/');
    expect(answer.headers['set-cookie']).toMatch(
      new RegExp(`^skerry-${url.port}=[\\w-]{43}; HttpOnly; SameSite=Strict; Path=/$`),
    );
    expect(url.hostname).toBe('127.0.0.1');
  });

  it('serves the window to whoever has the cookie, with a strict policy', async () => {
    const { host } = await start();
    const { url, cookie } = await signIn(host);
    const answer = await ask(url, '/', { Cookie: cookie });

    expect(answer).toMatchObject({ status: 200, body: '<!doctype html>the window' });
    expect(answer.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(answer.headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; " +
        "img-src 'self' data:; font-src 'self'; " +
        `connect-src 'self' ws://${url.host}; ` +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
  });

  it('lets a browser keep what is named by its content', async () => {
    const { host } = await start();
    const { url, cookie } = await signIn(host);
    const answer = await ask(url, '/assets/app-1a2b.js', { Cookie: cookie });
    expect(answer).toMatchObject({ status: 200, body: 'start();' });
    expect(answer.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'private, max-age=31536000, immutable',
    });
    const head = await ask(url, '/assets/app-1a2b.js', { Cookie: cookie }, 'HEAD');
    expect(head).toMatchObject({ status: 200, body: '' });
    expect(head.headers['content-length']).toBe('8');
  });

  it.each([
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/%2e%2e%2fsecret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/assets/%2e%2e/%2e%2e/secret.txt',
    '/..%5csecret.txt',
    '/%252e%252e/secret.txt',
    '/link.txt',
    '/.env',
    '/%00',
    '/%',
    '/assets',
    '/assets/',
    '/index.html/more',
    `/${'a'.repeat(5000)}`,
  ])('serves nothing for %s', async (target) => {
    const { host } = await start();
    const { url, cookie } = await signIn(host);
    const answer = await ask(url, target, { Cookie: cookie });
    expect(answer.status).toBe(404);
    expect(answer.body).not.toContain('outside');
    expect(answer.body).not.toContain('hidden');
  });

  it('says in words why it refuses, and gives nothing away', async () => {
    const { host } = await start();
    const { url, cookie } = await signIn(host);
    const refused = [
      await ask(url, '/'),
      await ask(url, '/?token=wrong'),
      await ask(url, '/', { Cookie: `${cookie}x` }),
      await ask(url, '/', { Cookie: cookie, Host: 'evil.example' }),
      await ask(url, '/', { Cookie: cookie, Origin: 'http://evil.example' }),
      await ask(url, '/', { Cookie: cookie, Origin: `http://${url.host}` }, 'DELETE'),
    ];
    expect(refused.map(({ status }) => status)).toEqual([401, 403, 403, 403, 403, 405]);
    for (const { body, headers } of refused) {
      expect(body).toContain('<h1>Not allowed</h1>');
      expect(body).toContain('skerry serve');
      expect(body).not.toContain(cookie.split('=')[1]);
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['content-security-policy']).not.toContain('evil');
    }
  });

  it('refuses headers without end', async () => {
    const { host } = await start();
    const { url } = await signIn(host);
    const answer = await ask(url, '/', { Cookie: 'a'.repeat(20_000) });
    expect(answer.status).toBe(431);
  });

  it('says how to build the window where it is not built', async () => {
    const { host } = await start(false);
    const { url, cookie } = await signIn(host);
    const answer = await ask(url, '/', { Cookie: cookie });
    expect(answer.status).toBe(503);
    expect(answer.body).toContain('npm start');
  });

  it('opens a WebSocket to its own page alone', async () => {
    const { host } = await start();
    const { url, cookie } = await signIn(host);
    const open = (headers: Record<string, string>, target = '/rpc'): Promise<string> =>
      new Promise((resolve) => {
        const webSocket = new WebSocket(`ws://${url.host}${target}`, { headers });
        webSocket.on('open', () => {
          webSocket.close();
          resolve('open');
        });
        webSocket.on('error', (error) => {
          resolve(error.message);
        });
      });
    const origin = `http://${url.host}`;
    expect(await open({ cookie, origin })).toBe('open');
    expect(await open({ cookie, origin }, '/sessions/x')).toBe('open');
    expect(await open({ cookie, origin }, '/other')).toBe('Unexpected server response: 404');
    expect(await open({ cookie, origin: 'http://127.0.0.1:1' })).toBe(
      'Unexpected server response: 403',
    );
    expect(await open({ cookie })).toBe('Unexpected server response: 403');
    expect(await open({ origin })).toBe('Unexpected server response: 401');
    expect(await open({ cookie, origin, host: 'evil.example' })).toBe(
      'Unexpected server response: 403',
    );
  });

  it('takes a one-time token once', async () => {
    const { host } = await start();
    const url = new URL(await host.address(true));
    expect((await ask(url, url.pathname + url.search)).status).toBe(303);
    expect((await ask(url, url.pathname + url.search)).status).toBe(403);
  });

  it('says when the port is taken', async () => {
    const { host, dir } = await start();
    const { port } = new URL(await host.address());
    const second = await startHostProcess({
      paths: { stateDir: path.join(dir, 's2'), cacheDir: dir, runtimeDir: path.join(dir, 'run') },
      version: '0.0.0',
      logger: silentLogger,
      port: Number(port),
      openEngine: () => Promise.resolve(new FakeEngine()),
    });
    ends.push(() => second.close());
    await expect(second.address()).rejects.toMatchObject({
      code: 'host/port-unavailable',
      message: `Port ${port} of 127.0.0.1 is taken.`,
    });
  });
});

describe('the unix socket', () => {
  it('is for its user alone', async () => {
    const { host } = await start();
    expect((await stat(host.socketPath)).mode & 0o777).toBe(0o600);
    expect((await stat(path.dirname(host.socketPath))).mode & 0o777).toBe(0o700);
  });

  it('serves procedures, their errors, and sessions', async () => {
    const { host } = await start();
    const client = await connectHost(host.socketPath);
    const { sandboxes, operations } = client.procedures;
    const { id } = await sandboxes.create({ name: 'web', image: 'skerry/starter' });
    const states = [];
    for await (const { state } of await operations.watch({ id })) states.push(state);
    expect(states.at(-1)).toBe('succeeded');
    await expect(sandboxes.inspect({ name: 'nobody' })).rejects.toMatchObject({
      data: { code: 'sandbox/not-found' },
    });

    const bytes = patternBytes(1_500_000);
    const parts: Uint8Array[] = [];
    const session = await sandboxes.exec({ name: 'web', command: ['cat'] });
    const channel = new SessionClient(await client.openSession(session.id), {
      onStdout: (part) => {
        parts.push(Uint8Array.from(part));
        return Promise.resolve();
      },
      onStderr: () => Promise.resolve(),
    });
    expect(await channel.write(bytes)).toBe(true);
    channel.endInput();
    expect(await channel.exit).toEqual({ kind: 'exited', code: 0 });
    expect(Buffer.concat(parts).equals(bytes)).toBe(true);
    client.close();
  });

  it('hands out the address for a browser', async () => {
    const { host } = await start();
    const url = await requestAddress(host.socketPath);
    expect(url).toBe(await host.address());
  });

  it('lets clients wait until the engine is open', async () => {
    const dir = await mkdtemp(path.join(os.tmpdir(), 'skerry-host-'));
    ends.push(() => rm(dir, { recursive: true }));
    const early = Promise.withResolvers<unknown>();
    const host = await startHostProcess({
      paths: { stateDir: dir, cacheDir: dir, runtimeDir: path.join(dir, 'run') },
      version: '0.0.0',
      logger: silentLogger,
      openEngine: ({ socketPath }) => {
        early.resolve(connectHost(socketPath).then((client) => client.procedures.sandboxes.list()));
        return Promise.resolve(new FakeEngine());
      },
    });
    ends.push(() => host.close());
    expect(await early.promise).toEqual([]);
  });

  it('is gone when the engine could not be opened, and after the end', async () => {
    const dir = await mkdtemp(path.join(os.tmpdir(), 'skerry-host-'));
    ends.push(() => rm(dir, { recursive: true }));
    const paths = { stateDir: dir, cacheDir: dir, runtimeDir: path.join(dir, 'run') };
    const failing = startHostProcess({
      paths,
      version: '0.0.0',
      logger: silentLogger,
      openEngine: () => Promise.reject(new AppError('host/already-running', 'Process 1 has it.')),
    });
    await expect(failing).rejects.toMatchObject({ code: 'host/already-running' });
    expect(await readdir(paths.runtimeDir)).toEqual([]);

    const { host, engine } = await start();
    const client = await connectHost(host.socketPath);
    const events = await client.procedures.events();
    await events.next();
    await host.close();
    expect(engine).toMatchObject({ isClosed: true, subscriptions: 0 });
    await expect(events.next()).rejects.toThrow();
    await expect(client.procedures.images.list()).rejects.toMatchObject({
      data: { code: 'host/unreachable' },
    });
    await expect(connectHost(host.socketPath)).rejects.toMatchObject({
      data: { code: 'host/unreachable' },
    });
  });

  it('removes what a dead process left', async () => {
    const dir = await mkdtemp(path.join(os.tmpdir(), 'skerry-host-'));
    ends.push(() => rm(dir, { recursive: true }));
    const runtimeDir = path.join(dir, 'run');
    await mkdir(runtimeDir);
    const mine = `host-${String(process.pid)}-00aa.sock`;
    // Above the largest pid that a kernel gives.
    for (const name of ['host-99999999-00aa.sock', mine, 'other.sock']) {
      await writeFile(path.join(runtimeDir, name), '');
    }
    const host = await startHostProcess({
      paths: { stateDir: dir, cacheDir: dir, runtimeDir },
      version: '0.0.0',
      logger: silentLogger,
      openEngine: () => Promise.resolve(new FakeEngine()),
    });
    ends.push(() => host.close());
    expect((await readdir(runtimeDir)).sort()).toEqual(
      [mine, 'other.sock', path.basename(host.socketPath)].sort(),
    );
  });
});
