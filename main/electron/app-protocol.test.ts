import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAppResponder, registerAppScheme, serveAppScheme } from './app-protocol.ts';
import * as electron from './testing/fake-electron.ts';

vi.mock('electron', () => import('./testing/fake-electron.ts'));

let dir: string;
let respond: (request: Request) => Promise<Response>;

beforeEach(() => {
  electron.resetElectron();
  dir = mkdtempSync(path.join(tmpdir(), 'skerry-protocol-'));
  mkdirSync(path.join(dir, 'renderer/assets/folder.js'), { recursive: true });
  writeFileSync(path.join(dir, 'renderer/index.html'), '<!doctype html>');
  writeFileSync(path.join(dir, 'renderer/assets/a b.js'), 'export {};');
  writeFileSync(path.join(dir, 'renderer/notes.txt'), 'not of a type that is served');
  writeFileSync(path.join(dir, 'secret.json'), '"secret"');
  writeFileSync(path.join(dir, 'renderer-beside.json'), '"secret"');
  symlinkSync('../secret.json', path.join(dir, 'renderer/link.json'));
  respond = createAppResponder(path.join(dir, 'renderer'));
});

afterEach(() => {
  rmSync(dir, { recursive: true });
});

const get = (url: string, method = 'GET') => respond(new Request(url, { method }));

describe('app scheme', () => {
  it('has a standard, secure origin and no other privilege that weakens the page', () => {
    registerAppScheme();
    expect(electron.protocol.schemes).toEqual([
      {
        scheme: 'app',
        privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
      },
    ]);
  });

  it('is answered from the renderer folder', async () => {
    serveAppScheme(electron.protocol as never, path.join(dir, 'renderer'));
    const answer = await electron.protocol.responders.get('app')?.(new Request('app://skerry/'));
    expect(await answer?.text()).toBe('<!doctype html>');
  });

  it('serves the page, and its files by their types', async () => {
    const page = await get('app://skerry/');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const script = await get('app://skerry/assets/a%20b.js?v=1#here');
    expect(await script.text()).toBe('export {};');
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    const head = await get('app://skerry/index.html', 'HEAD');
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  it('sends a policy that allows no script but its own, with every answer', async () => {
    for (const url of ['app://skerry/', 'app://skerry/assets/a%20b.js', 'app://skerry/none.js']) {
      const { headers } = await get(url);
      const policy = headers.get('content-security-policy')?.split('; ') ?? [];
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval'");
      expect(policy).toContain("connect-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain("base-uri 'none'");
      expect(policy).toContain("form-action 'none'");
      const rest = policy.join().replace("'wasm-unsafe-eval'", '');
      expect(rest).not.toMatch(/unsafe-eval|script-src[^;,]*unsafe|\*|https?:|wss?:/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  it.each([
    ['app://skerry/../secret.json', 'GET', 404],
    ['app://skerry/..%2fsecret.json', 'GET', 404],
    ['app://skerry/%2e%2e%2fsecret.json', 'GET', 404],
    ['app://skerry/..%5csecret.json', 'GET', 404],
    ['app://skerry/..%2frenderer-beside.json', 'GET', 404],
    ['app://skerry//etc/passwd', 'GET', 404],
    ['app://skerry/index.html%00.js', 'GET', 404],
    ['app://skerry/%ff', 'GET', 404],
    ['app://skerry/link.json', 'GET', 404],
    ['app://skerry/notes.txt', 'GET', 404],
    ['app://skerry/assets', 'GET', 404],
    ['app://skerry/assets/folder.js', 'GET', 404],
    ['app://other/', 'GET', 404],
    ['app://skerry:1/', 'GET', 404],
    ['https://skerry/', 'GET', 404],
    ['app://skerry/', 'POST', 405],
    ['app://skerry/', 'PUT', 405],
  ])('refuses %s by %s', async (url, method, status) => {
    const answer = await get(url, method);
    expect(answer.status).toBe(status);
    expect(await answer.text()).toBe('');
  });

  it('never answers with a file from outside the folder, whatever the path', async () => {
    const part = fc.constantFrom('..', '.', '%2e%2e', '%2f', '/', '\\', '%5c', 'renderer', 'x');
    const paths = fc.array(part, { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(paths, async (parts) => {
        const answer = await get(`app://skerry/${parts.join('')}/secret.json`);
        expect(await answer.text()).not.toContain('secret');
      }),
    );
  });
});
