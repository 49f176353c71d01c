/** The programs are scripts. Real ones: see the engine test. */
import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { chooseProgram, findPrograms, listLocalImages } from './find-programs.ts';

const directory = useTemporaryDirectory();

async function program(name: string, script: string): Promise<void> {
  await writeFile(join(directory.path, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

const here = (): { searchPath: string } => ({ searchPath: directory.path });
const podmanImage = '[{"Id":"abc","Names":["localhost/a:1"],"Size":1}]';

describe('findPrograms', () => {
  it('finds none where there is none', async () => {
    expect(await findPrograms(here())).toEqual([]);
    expect(await listLocalImages(here())).toEqual([]);
  });

  it('says what is there and why it does not work', async () => {
    const failing =
      'printf "warning\\n\\033[31mCannot connect to the daemon\\033[0m\\n" >&2; exit 1';
    await program(
      'docker',
      `case $1 in --version) echo "Docker version 28.2.2, build x";; *) ${failing};; esac`,
    );
    await program('buildah', 'echo "buildah version 1.28.2 (image-spec 1.1.0)"');
    expect(await findPrograms(here())).toEqual([
      { program: 'buildah', version: '1.28.2', canBuild: true, hasImages: true },
      {
        program: 'docker',
        version: '28.2.2',
        canBuild: false,
        hasImages: false,
        problem: 'Cannot connect to the daemon',
      },
    ]);
  });

  it('says that what cannot be started cannot', async () => {
    await writeFile(join(directory.path, 'podman'), '#!/no/such/shell\n', { mode: 0o755 });
    const [found] = await findPrograms(here());
    expect(found?.problem).toContain('It cannot be started');
  });

  it('waits for no program that others keep from ending', async () => {
    const started = join(directory.path, 'started');
    await program('podman', `case $1 in info) : > '${started}'; sleep 300; : ;; esac`);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const finding = findPrograms(here());
      await vi.waitFor(() => access(started), { timeout: 60_000 });
      await vi.advanceTimersByTimeAsync(10_000);
      expect(await finding).toMatchObject([
        { program: 'podman', canBuild: false, problem: 'It did not answer within 10 seconds.' },
      ]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('lists the images of podman and buildah once', async () => {
    await program(
      'podman',
      `case $1 in images) echo '${podmanImage}';; *) echo podman version 4;; esac`,
    );
    await program('buildah', `case $1 in images) exit 9;; *) echo buildah version 1.2;; esac`);
    expect(await findPrograms(here())).toMatchObject([
      { program: 'buildah', canBuild: true, hasImages: false },
      { program: 'podman', canBuild: true, hasImages: true },
    ]);
    expect(await listLocalImages(here())).toEqual([
      { program: 'podman', reference: 'localhost/a:1', id: 'abc', sizeBytes: 1 },
    ]);
  });

  it('lists what one program has where another fails', async () => {
    await program(
      'podman',
      `case $1 in images) echo '${podmanImage}';; *) echo podman version 4;; esac`,
    );
    await program('docker', 'case $1 in images) echo nonsense;; *) echo Docker version 28;; esac');
    expect(await listLocalImages(here())).toHaveLength(1);
  });
});

describe('chooseProgram', () => {
  it('takes what is named, or the first that is there', async () => {
    const missing = { code: 'image/program-missing' };
    await expect(chooseProgram(undefined, here())).rejects.toMatchObject(missing);
    await program('docker', '');
    expect((await chooseProgram(undefined, here())).program).toBe('docker');
    await program('podman', '');
    expect((await chooseProgram(undefined, here())).program).toBe('podman');
    expect((await chooseProgram('docker', here())).path).toBe(join(directory.path, 'docker'));
    await expect(chooseProgram('buildah', here())).rejects.toMatchObject(missing);
  });
});
