import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { daemonKindOf, findShareDaemon } from './share-daemon-probe.ts';

describe('findShareDaemon', () => {
  const temporary = useTemporaryDirectory();

  it('takes the first that says what it is', async () => {
    const make = async (name: string, help: string): Promise<string> => {
      const path = join(temporary.path, name);
      await writeFile(path, `#!/bin/sh\necho '${help}'\n`, { mode: 0o755 });
      return path;
    };
    const other = await make('other', 'something else');
    const rust = await make('rust', 'Usage: virtiofsd [OPTIONS]\n      --shared-dir <SHARED_DIR>');
    const c = await make('c', '    -o source=PATH             shared directory tree');
    const paths = [join(temporary.path, 'none'), other, rust, c];
    expect(await findShareDaemon(paths)).toMatchObject({ path: rust, kind: 'rust' });
    expect(await findShareDaemon([c, rust])).toMatchObject({ path: c, kind: 'c' });
  });
});

describe('daemonKindOf', () => {
  it('knows the older one by its complaint about groups, and nothing else', () => {
    expect(daemonKindOf('setgroups() failed with error=1:Operation not permitted\n')).toBe('c');
    expect(daemonKindOf('usage: cat [FILE]')).toBeUndefined();
  });
});
