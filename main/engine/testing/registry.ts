/** A real registry (Debian's docker-registry) on loopback, empty, for as long as a test runs. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { runTool } from './run-tool.ts';
import { makeTemporaryDirectory } from './temporary-directory.ts';

/** How an image is pushed. */
interface PushOptions {
  /** Media types: OCI's, or Docker's schema 2. By default those of the layout. */
  readonly format?: 'oci' | 'v2s2';
  /** Push every platform of an index, not this machine's alone. */
  readonly allPlatforms?: boolean;
  /** `USER:PASSWORD`. */
  readonly credential?: string;
}

/** A registry that {@link startRegistry} started. */
export interface TestRegistry extends AsyncDisposable {
  /** `ADDRESS:PORT`. */
  readonly host: string;
  /** Where it keeps its blobs, for tests that damage them. */
  readonly storageDir: string;
  /** Pushes an image of a layout and returns its full reference, `127.0.0.1:PORT/team/app:1`. */
  push(
    layoutDir: string,
    refName: string,
    repositoryAndTag: string,
    options?: PushOptions,
  ): Promise<string>;
}

/** Options of {@link startRegistry}. */
interface RegistryOptions {
  /** An address of this machine. */
  readonly address?: string;
  /** Paths of PEM files; without them it speaks plain HTTP. */
  readonly tls?: { readonly certificate: string; readonly key: string };
  /** Its own `auth`: who may do what. By default everybody may do everything. */
  readonly auth?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Starts a registry on a free port; `await using` ends it and removes what it holds. */
export async function startRegistry(options: RegistryOptions = {}): Promise<TestRegistry> {
  const { address = '127.0.0.1', tls, auth } = options;
  const directory = await makeTemporaryDirectory();
  const storageDir = join(directory.path, 'storage');
  const configPath = join(directory.path, 'config.json');
  const config = {
    version: '0.1',
    log: { level: 'info', formatter: 'json' },
    storage: { filesystem: { rootdirectory: storageDir }, delete: { enabled: true } },
    http: {
      addr: `${address}:0`,
      secret: 'of no use outside this process',
      ...(tls === undefined ? {} : { tls }),
    },
    ...(auth === undefined ? {} : { auth }),
  };
  // YAML takes JSON.
  await writeFile(configPath, JSON.stringify(config));
  const child = spawn('docker-registry', ['serve', configPath], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const killWithUs = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', killWithUs);
  const stop = async (): Promise<void> => {
    process.off('exit', killWithUs);
    await end(child);
    await directory[Symbol.asyncDispose]();
  };
  try {
    const host = await listeningAddress(child);
    return {
      host,
      storageDir,
      push: (layoutDir, refName, repositoryAndTag, options) =>
        push(host, layoutDir, refName, repositoryAndTag, options),
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Deletes a blob behind the registry's back. */
export async function removeBlobFromRegistry(
  registry: TestRegistry,
  digest: string,
): Promise<void> {
  const hex = digest.replace('sha256:', '');
  const blobs = join(registry.storageDir, 'docker/registry/v2/blobs/sha256');
  await rm(join(blobs, hex.slice(0, 2), hex, 'data'));
}

async function push(
  host: string,
  layoutDir: string,
  refName: string,
  repositoryAndTag: string,
  options: PushOptions = {},
): Promise<string> {
  const reference = `${host}/${repositoryAndTag}`;
  await runTool('skopeo', [
    'copy',
    '--quiet',
    '--insecure-policy',
    '--dest-tls-verify=false',
    ...(options.format === undefined ? ['--preserve-digests'] : ['--format', options.format]),
    ...(options.allPlatforms === true ? ['--all'] : []),
    ...(options.credential === undefined ? [] : ['--dest-creds', options.credential]),
    `oci:${layoutDir}:${refName}`,
    `docker://${reference}`,
  ]);
  return reference;
}

/** It asks the system for a port and logs which one it got. */
async function listeningAddress(child: ChildProcess): Promise<string> {
  if (child.stderr === null) throw new Error('docker-registry has no log.');
  const lines = createInterface({ input: child.stderr });
  const log: string[] = [];
  const found = new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    lines.on('line', (line) => {
      log.push(line);
      const address = /listening on (\d+(?:\.\d+){3}:\d+)/.exec(line)?.[1];
      if (address !== undefined) resolve(address);
    });
    child.once('close', () => {
      reject(new Error(`docker-registry ended: ${log.join('\n')}`));
    });
  });
  const address = await found;
  // From here on the log is only kept from filling the pipe.
  lines.removeAllListeners('line');
  lines.resume();
  return address;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
}
