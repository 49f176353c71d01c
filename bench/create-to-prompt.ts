import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadGuestAssets } from '../main/engine/host/guest-assets-folder.ts';
import { resolvePaths } from '../main/engine/host/paths.ts';
import { bareBoot, buildBareInitramfs } from './bare-boot.ts';
import { createSandbox, readSession, TestHome } from '../main/engine/testing/test-engine.ts';
import { compare, type Figure } from './statistics.ts';

/** From the request for a sandbox to its shell's prompt, against a bare boot of the same kernel. */
export async function benchCreateToPrompt(rounds: number): Promise<Figure> {
  const { cacheDir } = resolvePaths();
  const assets = await loadGuestAssets(cacheDir);
  const dir = await mkdtemp(path.join(tmpdir(), 'skerry-bench-bare-'));
  try {
    const bare = {
      kernelPath: assets.kernelPath,
      kernelArguments: assets.kernelArguments,
      initramfsPath: await buildBareInitramfs(dir),
    };
    await using home = await TestHome.make();
    const engine = await home.open();
    const ours = async (): Promise<number> => {
      const startedAtMs = performance.now();
      await createSandbox(engine, { name: 'bench' });
      const tty = { rows: 24, columns: 80 };
      const session = await engine.sandboxes.shell({ name: 'bench', tty });
      await readSession(engine, session, /[#$] /);
      const elapsedMs = performance.now() - startedAtMs;
      await engine.sandboxes.remove('bench', { force: true });
      return elapsedMs / 1000;
    };
    return await compare(
      { name: 'create-to-prompt', unit: 's', against: 'bare QEMU to an empty init' },
      rounds,
      ours,
      () => bareBoot(bare),
    );
  } finally {
    await rm(dir, { recursive: true });
  }
}
