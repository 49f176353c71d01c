/** Two windows to be measured: one on a host process with a sandbox, one on a host in its memory. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const root = path.resolve(import.meta.dirname, '..');
const launcher = path.join(root, 'bin/skerry');
const run = promisify(execFile);

/** An address that a browser can open, until it is disposed of. */
export interface WindowHost extends AsyncDisposable {
  readonly url: string;
}

/** A host process over an empty state directory, with one sandbox of this name. */
export async function serveRealHost(sandbox: string): Promise<WindowHost> {
  const home = await mkdtemp(path.join(tmpdir(), 'skerry-bench-'));
  const env = { ...process.env, SKERRY_HOME: home };
  await run(process.execPath, [path.join(root, 'scripts/build.mjs')], { cwd: root });
  const child = spawn(launcher, ['serve', '--port', '0'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let url = '';
  for await (const line of createInterface({ input: child.stdout })) {
    url = /https?:\/\/\S+/.exec(line)?.[0] ?? '';
    if (url !== '') break;
  }
  child.stdout.resume();
  await run(launcher, ['create', sandbox, '--image', 'skerry/starter'], { env });
  return {
    url,
    [Symbol.asyncDispose]: async () => {
      await run(launcher, ['rm', '--force', sandbox], { env });
      child.kill('SIGTERM');
      await once(child, 'exit');
      await rm(home, { recursive: true, force: true });
    },
  };
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
};

/** The same window over its in-memory host, which has some running sandboxes. */
export async function serveMemoryHost(): Promise<WindowHost> {
  const dir = await mkdtemp(path.join(tmpdir(), 'skerry-bench-'));
  const vite = path.join(root, 'node_modules/vite/bin/vite.js');
  await run(process.execPath, [vite, 'build', '-c', 'renderer/vite.config.ts'], {
    cwd: root,
    env: { ...process.env, VITE_SKERRY_FAKE: '1', SKERRY_RENDERER_OUT: dir },
  });
  const server = createServer((request, response) => {
    const name = path.basename(new URL(request.url ?? '/', 'http://localhost').pathname);
    const file = name === '' ? 'index.html' : path.join('assets', name);
    response.setHeader('content-type', types[path.extname(file)] ?? 'application/octet-stream');
    createReadStream(path.join(dir, file))
      .on('error', () => response.writeHead(404).end())
      .pipe(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}/?fake=some`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
