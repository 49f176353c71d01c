/** A storage of podman's and buildah's own, so that tests leave nothing on the machine. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeTemporaryDirectory } from './temporary-directory.ts';

/**
 * Points podman and buildah, started by this process, at an empty storage until it is disposed.
 * Without overlay mounts and namespaces, which a container that tests run in may not have.
 */
export async function makeContainerStorage(): Promise<AsyncDisposable> {
  const directory = await makeTemporaryDirectory();
  const within = (name: string): string => join(directory.path, name);
  const storage = [
    '[storage]',
    'driver = "vfs"',
    `graphroot = "${within('root')}"`,
    `runroot = "${within('run')}"`,
  ];
  await writeFile(within('storage.conf'), `${storage.join('\n')}\n`);
  const engine = ['[engine]', `tmp_dir = "${within('tmp')}"`, 'events_logger = "none"'];
  await writeFile(within('containers.conf'), `${engine.join('\n')}\n`);
  await mkdir(within('tmp'));
  const variables = {
    CONTAINERS_STORAGE_CONF: within('storage.conf'),
    CONTAINERS_CONF: within('containers.conf'),
    BUILDAH_ISOLATION: 'chroot',
    STORAGE_DRIVER: 'vfs',
  };
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  return {
    [Symbol.asyncDispose]: async () => {
      for (const [name, value] of before) {
        if (value === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = value;
      }
      await directory[Symbol.asyncDispose]();
    },
  };
}
