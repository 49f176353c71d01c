import fc from 'fast-check';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { runTool } from '../testing/run-tool.ts';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { arbitraryDataBlocks, arbitraryTree } from './testing/arbitrary-tree.ts';
import { writeErofs } from './writer.ts';

describe('fsck.erofs', () => {
  const directory = useTemporaryDirectory();

  it('accepts whatever tree was written', async () => {
    const path = join(directory.path, 'disk.erofs');
    const options = { dataBlocks: arbitraryDataBlocks, uuid: new Uint8Array(16) };
    await fc.assert(
      fc.asyncProperty(arbitraryTree, async (root) => {
        const parts: Uint8Array[] = [];
        writeErofs(root, options, (bytes) => parts.push(Uint8Array.from(bytes)));
        await writeFile(
          path,
          Buffer.concat([...parts, Buffer.alloc(arbitraryDataBlocks * 4096, 1)]),
        );
        await runTool('fsck.erofs', ['-d1', path]);
      }),
      { numRuns: 40 },
    );
  });
});
