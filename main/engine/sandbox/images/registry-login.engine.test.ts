/** Logins as clients see them, at a real registry; and where the password is not to be found. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { formatConfigYaml } from '../../../contract/config/config-text.ts';
import { toErrorData } from '../../base/app-error.ts';
import type { Logger } from '../../base/logger.ts';
import type { SecretCipher } from '../../credentials/safe-storage-store.ts';
import { aloneIn } from '../../credentials/testing/keyring-session.ts';
import { writeProgram } from '../../credentials/testing/fake-programs.ts';
import type { Engine } from '../../engine.ts';
import { openEngine } from '../../open-engine.ts';
import { aConfig } from '../../testing/a-config.ts';
import { writeBusyboxImage } from '../../testing/images.ts';
import { startRegistry, type TestRegistry } from '../../testing/registry.ts';
import { runTool } from '../../testing/run-tool.ts';
import { startScriptedRegistry } from '../../testing/scripted-registry.ts';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';

const password = 'open: "sésame"';
const alice = { username: 'alice', password };

/** The forms in which the password could be written down. */
const traces = [
  password,
  JSON.stringify(password).slice(1, -1),
  encodeURIComponent(password),
  Buffer.from(password).toString('base64'),
  Buffer.from(`alice:${password}`).toString('base64'),
  'sésame',
];

const cipher: SecretCipher = {
  name: 'the keychain',
  problem: () => Promise.resolve(undefined),
  encrypt: (text) => Promise.resolve(Buffer.from(text).map((byte) => byte ^ 0x55)),
  decrypt: (bytes) => {
    const text = Buffer.from(Buffer.from(bytes).map((byte) => byte ^ 0x55)).toString();
    return Promise.resolve({ text, isOutdated: false });
  },
};

describe('registries', () => {
  const temporary = useTemporaryDirectory();
  /** Everything that was said: logs, events, answers, errors. */
  let said: string[];
  let engine: Engine | undefined;

  const inTest = (...parts: string[]) => path.join(temporary.path, ...parts);
  const say = (what: unknown) => said.push(JSON.stringify(what));

  beforeEach(async () => {
    said = [];
    for (const [name, value] of Object.entries(await aloneIn(inTest('home')))) {
      vi.stubEnv(name, value);
    }
    const others = ['DOCKER_CONFIG', 'REGISTRY_AUTH_FILE', 'XDG_CONFIG_HOME', 'DISPLAY'];
    const keepers = ['DBUS_SESSION_BUS_ADDRESS', 'PASSWORD_STORE_DIR', 'WAYLAND_DISPLAY'];
    for (const name of [...others, ...keepers]) vi.stubEnv(name, undefined);
  });

  afterEach(async () => {
    await engine?.close();
    engine = undefined;
    vi.unstubAllEnvs();
  });

  async function open(secretCipher?: SecretCipher): Promise<Engine> {
    const note =
      (level: string) =>
      (...line: unknown[]): void => {
        say([level, ...line]);
      };
    const logger: Logger = {
      debug: note('debug'),
      info: note('info'),
      warn: note('warn'),
      error: note('error'),
    };
    await mkdir(inTest('runtime'), { recursive: true });
    engine = await openEngine({
      paths: {
        stateDir: inTest('state'),
        cacheDir: inTest('cache'),
        runtimeDir: inTest('runtime'),
      },
      socketPath: inTest('runtime', 'test.sock'),
      version: 'test',
      logger,
      presetsDir: path.resolve(import.meta.dirname, '../../../../assets/presets'),
      skerryCommand: [],
      secretCipher,
    });
    engine.subscribe(say);
    return engine;
  }

  async function startPrivateRegistry(): Promise<TestRegistry> {
    const file = inTest('htpasswd');
    const args = ['-Bbn', '-C', '4', alice.username, password];
    await writeFile(file, await runTool('htpasswd', args));
    return await startRegistry({ auth: { htpasswd: { realm: 'private', path: file } } });
  }

  async function pushTo(registry: TestRegistry): Promise<string> {
    await writeBusyboxImage(inTest('layout'));
    const credential = `alice:${password}`;
    return await registry.push(inTest('layout'), 'latest', 'team/app:1', { credential });
  }

  /** What a call fails with; every part of it is something that was said. */
  async function failureOf(call: Promise<unknown>): Promise<ReturnType<typeof toErrorData>> {
    const error: unknown = await call.then(
      () => {
        throw new Error('It did not fail.');
      },
      (reason: unknown) => reason,
    );
    for (let cause = error; cause instanceof Error; cause = cause.cause) say(cause.stack);
    const data = toErrorData(error);
    say(data);
    return data;
  }

  /** How a pull ends. */
  async function pull(reference: string, credential?: typeof alice): Promise<string> {
    if (engine === undefined) throw new Error('Open it first.');
    const { id } = await engine.images.pull(reference, credential);
    engine.operations.onOutput(id, say);
    const ended = await engine.operations.wait(id);
    say(ended);
    return ended.error?.code ?? ended.state;
  }

  async function stateFiles(): Promise<Map<string, string>> {
    const entries = await readdir(inTest('state'), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    const texts = files.map(async ({ parentPath, name }) => {
      const file = path.join(parentPath, name);
      return [path.relative(inTest('state'), file), await readFile(file, 'utf8')] as const;
    });
    return new Map(await Promise.all(texts));
  }

  function expectSilence(): void {
    expect(said.length).toBeGreaterThan(0);
    for (const text of said) {
      for (const trace of traces) expect(text).not.toContain(trace);
    }
  }

  async function filesWithPassword(): Promise<string[]> {
    const files = [...(await stateFiles())];
    const found = files.filter(([, text]) => traces.some((trace) => text.includes(trace)));
    return found.map(([name]) => name);
  }

  it('pulls from a private registry after a login, until the logout', async () => {
    await using registry = await startPrivateRegistry();
    const reference = await pushTo(registry);
    const { host } = registry;
    const { registries } = await open(cipher);
    expect(await pull(reference)).toBe('registry/unauthorized');
    const wrong = { ...alice, password: 'wrong' };
    expect(await failureOf(registries.login({ registry: host, credential: wrong }))).toMatchObject({
      code: 'registry/wrong-password',
      message: `The registry "${host}" refused the password of "alice".`,
    });
    expect(await pull(reference)).toBe('registry/unauthorized');
    const credential = {
      username: 'alice',
      kind: 'password',
      source: 'skerry',
      keeper: 'safe-storage',
      where: 'the keychain',
    };
    const known = { name: host, settings: { isInsecure: false, mirrors: [] }, credential };
    expect(await registries.login({ registry: host, credential: alice })).toEqual(known);
    expect(await registries.list()).toEqual([
      expect.objectContaining({ name: 'docker.io' }),
      known,
    ]);
    expect(await pull(reference)).toBe('succeeded');
    const { credential: none } = await registries.logout(host);
    expect(none).toBeUndefined();
    expect(await pull(reference)).toBe('registry/unauthorized');
    expect(await failureOf(registries.logout(host))).toMatchObject({
      code: 'registry/not-configured',
    });
  });

  it('takes a credential with a pull, and keeps it nowhere', async () => {
    await using registry = await startPrivateRegistry();
    const reference = await pushTo(registry);
    const { registries } = await open(cipher);
    expect(await pull(reference, { ...alice, password: 'wrong' })).toBe('registry/wrong-password');
    expect(await pull(reference, alice)).toBe('succeeded');
    expect((await registries.list()).map(({ name }) => name)).toEqual(['docker.io']);
    expectSilence();
    expect(await filesWithPassword()).toEqual([]);
  });

  it('uses what Docker and Podman keep, and leaves their files alone', async () => {
    await using registry = await startPrivateRegistry();
    const reference = await pushTo(registry);
    const { host } = registry;
    const { registries } = await open(cipher);
    const auth = Buffer.from(`alice:${password}`).toString('base64');
    for (const [file, source] of [
      ['.docker/config.json', 'docker-config'],
      ['.config/containers/auth.json', 'podman-config'],
    ] as const) {
      const place = inTest('home', file);
      await mkdir(path.dirname(place), { recursive: true });
      const text = JSON.stringify({ auths: { [host]: { auth } } });
      await writeFile(place, text);
      expect((await registries.list())[1]).toMatchObject({ credential: { source, where: place } });
      expect(await pull(reference)).toBe('succeeded');
      expect(await failureOf(registries.remove(host))).toMatchObject({
        code: 'registry/not-configured',
      });
      expect(await readFile(place, 'utf8')).toBe(text);
      await writeFile(place, '{}');
    }
    expect(await pull(reference)).toBe('registry/unauthorized');
    expectSilence();
  });

  it('writes to a file only with leave, and then to that one alone', async () => {
    await using registry = await startPrivateRegistry();
    const reference = await pushTo(registry);
    const { host: name } = registry;
    const { registries } = await open();
    const file = inTest('state', 'credentials', 'secrets.json');
    const storage = await registries.storage();
    expect(storage).toMatchObject({ keeper: 'file', isEncrypted: false });
    expect(storage.explanation).toContain(file);
    const request = { registry: name, credential: alice };
    const refused = await failureOf(registries.login(request));
    expect(refused).toMatchObject({ code: 'credentials/no-keeper' });
    expect(refused.hint).toContain(file);
    expect(await filesWithPassword()).toEqual([]);
    await registries.login({ ...request, allowFile: true });
    expect(await pull(reference)).toBe('succeeded');
    say(await registries.list());
    expect(await filesWithPassword()).toEqual(['credentials/secrets.json']);
    await registries.remove(name);
    expect(await filesWithPassword()).toEqual([]);
    expectSilence();
  });

  it('says the password nowhere, whatever goes wrong', async () => {
    await using registry = await startPrivateRegistry();
    const reference = await pushTo(registry);
    await using echo = await startScriptedRegistry();
    echo.lie(/./, (request, response) => {
      const { authorization } = request.headers;
      const status = authorization === undefined ? 401 : 403;
      response.writeHead(status, { 'www-authenticate': 'Basic realm="x"' });
      response.end(`You said ${authorization ?? ''}, which is ${password}.`);
    });
    const { registries, config } = await open(cipher);
    say(await registries.login({ registry: registry.host, credential: alice }));
    const skipped = { registry: echo.host, credential: alice, skipTest: true };
    await failureOf(registries.login({ ...skipped, skipTest: false }));
    say(await registries.login(skipped));
    expect(await pull(`${echo.host}/team/app`)).toBe('registry/forbidden');
    expect(await pull(reference)).toBe('succeeded');

    const bin = inTest('home', 'bin');
    await writeProgram(
      bin,
      'docker-credential-bad',
      `echo '${password}'; echo '${password}' >&2; exit 1`,
    );
    vi.stubEnv('PATH', `${bin}:${process.env['PATH'] ?? ''}`);
    const docker = inTest('home', '.docker', 'config.json');
    await mkdir(path.dirname(docker));
    await writeFile(docker, JSON.stringify({ credHelpers: { 'bad.example': 'bad' } }));
    const listed = await registries.list();
    say(listed);
    expect(listed.find(({ name }) => name === 'bad.example')?.problem).toContain(
      'docker-credential-bad failed to get',
    );
    await writeFile(docker, `{"auths":{"bad.example":{"auth":"${password}`);
    say(await registries.list());

    const request = { name: 'web', image: reference };
    say(await config.build(request));
    say(formatConfigYaml(aConfig({ image: reference })));
    expectSilence();
    expect(await filesWithPassword()).toEqual([]);
  });
});
