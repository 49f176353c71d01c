/** The programs are scripts. Real ones: sandbox/images/image-transfer.engine.test.ts. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ImageProgram } from '../../../contract/image-transfer.ts';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import {
  runProgram,
  saveImage,
  type ChosenProgram,
  type RunProgramOptions,
} from './run-program.ts';

const directory = useTemporaryDirectory();

async function script(program: ImageProgram, text: string): Promise<ChosenProgram> {
  const path = join(directory.path, program);
  await writeFile(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return { program, path };
}

function options(heard: string[] = []): RunProgramOptions {
  return {
    cwd: directory.path,
    signal: new AbortController().signal,
    onOutput: (text) => heard.push(text),
  };
}

describe('saveImage', () => {
  it('takes the archive of docker from its stdout, and the words from its stderr', async () => {
    const heard: string[] = [];
    const docker = await script('docker', 'echo "$*"; echo progress >&2');
    const { file, isNamed } = await saveImage(docker, 'app:1', options(heard));
    expect(isNamed).toBe(true);
    expect(await readFile(file, 'utf8')).toBe('save -- app:1\n');
    expect(heard).toEqual(['progress\n']);
  });

  it.each([
    ['podman', '--output=', true],
    ['buildah', 'oci-archive:', false],
  ] as const)('has %s write a file', async (name, prefix, isNamed) => {
    const text = `for arg; do case $arg in ${prefix}*) echo tar > "\${arg#${prefix}}";; esac; done`;
    const saved = await saveImage(await script(name, text), 'app:1', options());
    expect(saved.isNamed).toBe(isNamed);
    expect(await readFile(saved.file, 'utf8')).toBe('tar\n');
  });
});

describe('runProgram', () => {
  it('fails with the last words of the program', async () => {
    const podman = await script('podman', 'seq 100000; echo "no such image" >&2; exit 125');
    await expect(runProgram(podman, ['save'], options())).rejects.toMatchObject({
      code: 'image/program-failed',
      details: { program: 'podman', exitCode: 125 },
    });
    const failing = await script('podman', 'printf "%5000s\\n" x; exit 1');
    const error: unknown = await runProgram(failing, ['save'], options()).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: 'image/program-failed' });
    expect(JSON.stringify(error).length).toBeLessThan(6000);
  });

  it('fails where the program is killed', async () => {
    const buildah = await script('buildah', 'kill -9 $$');
    await expect(runProgram(buildah, ['build'], options())).rejects.toThrow(
      'buildah build was killed.',
    );
  });
});
