/** A directory of the size that package managers make, shared with a guest. */
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../engine.ts';
import { createSandbox, runScript, TestHome } from '../../testing/test-engine.ts';

/** Below the lowest limit of open files that is met, 20,000; doctor tells where it is that low. */
const [packages, filesOfEach] = [200, 50];

let home: TestHome;
let engine: Engine;
let tree: string;
const everything = createHash('sha256');

beforeAll(async () => {
  home = await TestHome.make();
  engine = await home.open();
  tree = path.join(home.dir, 'node_modules');
  for (let number = 100; number < 100 + packages; number += 1) {
    const folder = path.join(tree, `package-${String(number)}`, 'lib');
    await mkdir(folder, { recursive: true });
    for (let file = 10; file < 10 + filesOfEach; file += 1) {
      const content = `export const value = ${String(number * file)};\n`;
      await writeFile(path.join(folder, `${String(file)}.js`), content);
      everything.update(content);
    }
  }
});
afterAll(async () => {
  await home[Symbol.asyncDispose]();
});

it('is read as a whole', async () => {
  await createSandbox(engine, { name: 'large', volumes: { '/tree': { bind: tree } } });
  const { stdout, stderr, exit } = await runScript(
    engine,
    'large',
    'set -e; find /tree -type f | wc -l; find /tree -type f | sort | xargs cat | sha256sum',
  );
  expect({ stderr, exit }).toEqual({ stderr: '', exit: { kind: 'exited', code: 0 } });
  const hash = `${everything.digest('hex')}  -`;
  expect(stdout.trim().split('\n')).toEqual([String(packages * filesOfEach), hash]);
});
