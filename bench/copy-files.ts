import { makeTar } from '../main/engine/testing/tar.ts';
import { createSandbox, runScript, TestHome } from '../main/engine/testing/test-engine.ts';
import { runTransfer, takeSession } from '../main/engine/testing/transfer-files.ts';
import { compare, type Figure } from './statistics.ts';

const name = 'bench';
const bytesPerMiB = 1024 * 1024;
const pieceBytes = 64 * 1024;

/** Trees that are copied: one of large files, one of many small ones. */
const trees = {
  large: Array.from({ length: 4 }, (_, index) => ({ index, sizeBytes: 8 * bytesPerMiB })),
  small: Array.from({ length: 1000 }, (_, index) => ({ index, sizeBytes: 1000 })),
} as const;

/** Copies into a sandbox and out of it, against `tar` run in the sandbox through an exec. */
export async function benchCopyFiles(rounds: number): Promise<Figure[]> {
  await using home = await TestHome.make();
  const engine = await home.open();
  await createSandbox(engine, { name });
  const figures: Figure[] = [];
  for (const [kind, files] of Object.entries(trees)) {
    const tar = makeTar(
      files.map(({ index, sizeBytes }) => ({
        name: `tree/${String(index)}`,
        content: Buffer.alloc(sizeBytes, index),
      })),
    );
    const time = async (work: () => Promise<unknown>): Promise<number> => {
      await runScript(engine, name, 'rm -rf /srv/to; mkdir -p /srv/to; sync');
      const startedAtMs = performance.now();
      await work();
      return (performance.now() - startedAtMs) / 1000;
    };
    const exec = async (command: string[], input?: Iterable<Uint8Array>) => {
      const session = await engine.sandboxes.exec({ name, command });
      return await takeSession(engine, session.id, input);
    };
    figures.push(
      await compare(
        { name: `copy-in-${kind}`, unit: 's', against: 'tar x in the sandbox' },
        rounds,
        () =>
          time(async () =>
            runTransfer(
              engine,
              await engine.files.upload({ name, path: '/srv/to', keepOwners: false }),
              piecesOf(tar),
            ),
          ),
        () => time(() => exec(['tar', '-x', '-C', '/srv/to'], piecesOf(tar))),
      ),
    );
    await exec(['mkdir', '-p', '/srv/from']);
    await exec(['tar', '-x', '-C', '/srv/from'], piecesOf(tar));
    figures.push(
      await compare(
        { name: `copy-out-${kind}`, unit: 's', against: 'tar c in the sandbox' },
        rounds,
        () =>
          time(async () => {
            const paths = ['/srv/from/tree'];
            const request = { name, paths, contents: false, follow: false };
            return runTransfer(engine, await engine.files.download(request));
          }),
        () => time(() => exec(['tar', '-c', '-C', '/srv/from', 'tree'])),
      ),
    );
    await exec(['rm', '-r', '/srv/from']);
  }
  return figures;
}

function* piecesOf(bytes: Buffer): Iterable<Uint8Array> {
  for (let offset = 0; offset < bytes.length; offset += pieceBytes) {
    yield bytes.subarray(offset, offset + pieceBytes);
  }
}
