import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import {
  describeQemu,
  findQemu,
  isVersionAtLeast,
  parseQemuHelp,
  parseQemuVersion,
} from './qemu-probe.ts';

describe('findQemu', () => {
  const temporary = useTemporaryDirectory();

  it('takes the first that can be executed, for the processor that is named', async () => {
    const [first, second] = [join(temporary.path, 'a'), join(temporary.path, 'b')];
    for (const folder of [first, second]) {
      await mkdir(folder);
      await writeFile(join(folder, 'qemu-system-x86_64'), '');
    }
    await chmod(join(second, 'qemu-system-x86_64'), 0o755);
    const searchPath = `relative:${first}:${second}`;
    const found = await findQemu({ searchPath, arch: 'x64' });
    expect(found?.path).toBe(join(second, 'qemu-system-x86_64'));
    expect(await findQemu({ searchPath, arch: 'arm64' })).toBeUndefined();
  });

  it('gives another program another identity', async () => {
    const path = join(temporary.path, 'qemu-system-x86_64');
    const find = () => findQemu({ searchPath: temporary.path, arch: 'x64' });
    await writeFile(path, 'one', { mode: 0o755 });
    const before = await find();
    expect((await find())?.identity).toBe(before?.identity);
    await writeFile(path, 'another', { mode: 0o755 });
    expect((await find())?.identity).not.toBe(before?.identity);
  });
});

describe('describeQemu', () => {
  const temporary = useTemporaryDirectory();

  it('does not believe a program that is not QEMU', async () => {
    const path = join(temporary.path, 'qemu-system-x86_64');
    await writeFile(path, '#!/bin/sh\necho something else\n', { mode: 0o755 });
    await expect(describeQemu({ path, identity: '' })).rejects.toThrow(
      'did not name a version of QEMU: something else',
    );
  });
});

describe('what QEMU says', () => {
  it.each([
    ['QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7)\nCopyright', '7.2.22'],
    ['QEMU emulator version 10.0.0', '10.0.0'],
    ['qemu: unknown option', undefined],
  ])('names a version: %s', (text, version) => {
    expect(parseQemuVersion(text)).toBe(version);
  });

  it('lists things, with a heading or without', () => {
    expect(parseQemuHelp('Accelerators supported in QEMU binary:\ntcg\nkvm\n')).toEqual([
      'tcg',
      'kvm',
    ]);
    expect(
      parseQemuHelp('Supported machines are:\nmicrovm      microvm (i386)\nnone   empty machine\n'),
    ).toEqual(['microvm', 'none']);
  });

  it.each([
    ['7.2.22', '7.2', true],
    ['7.2', '7.2', true],
    ['7.1.9', '7.2', false],
    ['10.0.2', '7.2', true],
    ['8', '7.2', true],
  ])('compares versions part by part: %s and %s', (version, minimum, expected) => {
    expect(isVersionAtLeast(version, minimum)).toBe(expected);
  });
});
