import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { maxDiagnosticsBytes } from '../../contract/diagnostics.ts';
import type { Operation } from '../../contract/operation.ts';
import { sandboxConfigSchema } from '../../contract/sandbox-config.ts';
import type { Sandbox } from '../../contract/sandbox.ts';
import { collectDiagnostics, type DiagnosticsSources } from './collect-diagnostics.ts';

const secret = 'planted-5ecret';
const accessToken = 'Zm9vYmFyYmF6cXV4';
let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'skerry-diagnostics-'));
});
afterEach(async () => {
  await rm(dir, { recursive: true });
});

const aSandbox = (name: string): Sandbox => ({
  id: name,
  name,
  state: 'crashed',
  config: sandboxConfigSchema.parse({
    name,
    image: 'skerry/starter',
    env: { PLAIN: secret, QUOTED: `"${secret}"\n` },
    scripts: { deploy: `curl -H x:${secret}` },
    patches: [{ kind: 'text', path: '/etc/a', content: `password=${secret}` }],
    cmd: ['serve', `--key=${secret}`],
    labels: { owner: secret },
  }),
  createdAtMs: 1,
  network: 'none',
  lastError: { code: 'vm/crashed', message: `It said ${secret}.`, hint: 'Look.' },
});

const failed: Operation = {
  id: 'operation-1',
  kind: 'build',
  subject: 'app',
  state: 'failed',
  stages: [{ key: 'run', label: `RUN login ${secret}`, state: 'failed' }],
  startedAtMs: 2,
  error: {
    code: 'internal/unexpected',
    message: 'It failed.',
    hint: 'Look.',
    details: { outputTail: `{"token":"${secret}"}` },
  },
};

const collect = (changes: Partial<DiagnosticsSources> = {}) =>
  collectDiagnostics({
    report: () =>
      Promise.resolve({
        ...{ version: '1.2.3', platform: 'linux', cpus: 1, memoryMiB: 1, accelerator: 'tcg' },
        ...{ stateDir: '/home/dev/.local/share/skerry', checks: [], host: null },
        acceleratorNote: `http://127.0.0.1:1/?token=${accessToken}`,
      }),
    sandboxes: () => [aSandbox('web')],
    operations: () => [failed],
    usage: () => Promise.reject(new Error(`https://ci:${secret}@registry.example is away.`)),
    filesOf: (id) => ({ 'console.log': path.join(dir, id, 'console.log') }),
    logFiles: { 'host.log': path.join(dir, 'host.log') },
    secrets: () => [accessToken],
    home: '/home/dev',
    nowMs: () => Date.UTC(2026, 0, 31, 12),
    ...changes,
  });

describe('collectDiagnostics', () => {
  it('has none of the secrets that are planted everywhere', async () => {
    await mkdir(path.join(dir, 'web'));
    await writeFile(path.join(dir, 'host.log'), `{"message":"${accessToken}"}\n`);
    await writeFile(
      path.join(dir, 'web/console.log'),
      `# echo \u001b[1mplanted\u001b[0m-5ecret\n# echo ${secret}\n`,
    );
    const { files, redactions } = await collect();
    expect(files.map((file) => file.path)).toEqual([
      ...['host.json', 'sandboxes.json', 'operations.json', 'errors.json', 'images.json'],
      ...['logs/host.log', 'sandboxes/web/console.log'],
    ]);
    const all = JSON.stringify(files);
    for (const hidden of [secret, accessToken, '/home/dev']) expect(all).not.toContain(hidden);
    expect(files.at(-1)?.text).toBe('# echo [redacted]\n# echo [redacted]\n');
    expect(redactions.length).toBeGreaterThan(0);
  });

  it('says what it is about', async () => {
    const { fileName, files } = await collect({ usage: () => Promise.resolve({} as never) });
    expect(fileName).toBe('skerry-diagnostics-2026-01-31T12-00-00.tar');
    const text = (name: string) => files.find((file) => file.path === name)?.text ?? '';
    expect(JSON.parse(text('host.json'))).toMatchObject({
      version: '1.2.3',
      stateDir: '~/.local/share/skerry',
    });
    expect(JSON.parse(text('errors.json'))).toMatchObject([
      { of: 'build app', error: { code: 'internal/unexpected' } },
      { of: 'sandbox web', error: { code: 'vm/crashed' } },
    ]);
    expect(text('sandboxes.json')).toContain('"PLAIN": "[redacted]"');
    expect(text('sandboxes.json')).toContain('characters, left out');
  });

  it('stays within its size, and gives every sandbox its share', async () => {
    const names = Array.from({ length: 120 }, (_, index) => `box-${String(index)}`);
    const line = `${'x'.repeat(79)}\n`;
    for (const name of names) {
      await mkdir(path.join(dir, name));
      await writeFile(path.join(dir, name, 'console.log'), line.repeat(1_500));
    }
    await writeFile(path.join(dir, 'host.log'), line.repeat(20_000));
    const { files } = await collect({ sandboxes: () => names.map(aSandbox) });
    const size = Buffer.byteLength(JSON.stringify(files.map(({ text }) => text)));
    expect(size).toBeLessThanOrEqual(maxDiagnosticsBytes * 1.1);
    const bytes = files.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
    expect(bytes).toBeLessThanOrEqual(maxDiagnosticsBytes);
    const consoles = files.filter((file) => file.path.endsWith('console.log'));
    expect(consoles).toHaveLength(names.length);
    for (const { text, isCut } of consoles) {
      expect(isCut).toBe(true);
      expect(text.length).toBeGreaterThan(10_000);
      expect(text.startsWith(line)).toBe(true);
    }
  });

  it('cuts where a line begins, so that no half of a secret is left', async () => {
    await mkdir(path.join(dir, 'web'));
    const text = `${secret}${'y'.repeat(64 * 1024 - 8)}\nthe end\n`;
    await writeFile(path.join(dir, 'web/console.log'), text);
    expect((await collect()).files.at(-1)).toMatchObject({ text: 'the end\n', isCut: true });
  });

  it('follows no link and reads no device that stands where a log was', async () => {
    await mkdir(path.join(dir, 'web'));
    await writeFile(path.join(dir, 'elsewhere'), 'not to be read');
    await symlink(path.join(dir, 'elsewhere'), path.join(dir, 'web/console.log'));
    await mkdir(path.join(dir, 'host.log'));
    const { files } = await collect();
    expect(files.at(-1)?.text).toBe('This file could not be read (ELOOP).\n');
    expect(files.at(-2)?.text).toBe('This is not a plain file.\n');
  });
});
