import { chmod, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { probeEcho } from './echo-probe.ts';

const temporary = useTemporaryDirectory();

async function pingThat(script: string): Promise<string> {
  const file = `${temporary.path}/ping`;
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return file;
}

it('says what to install where there is no ping', async () => {
  expect(await probeEcho(temporary.path)).toMatchObject({
    usable: false,
    fix: expect.stringMatching(/apt-get install -y iputils-ping$/) as string,
  });
});

it('says what ping said', async () => {
  const file = await pingThat('echo "ping: socket: Operation not permitted" >&2; exit 2');
  expect(await probeEcho(temporary.path)).toEqual({
    usable: false,
    evidence: `${file} failed: ping: socket: Operation not permitted`,
  });
});

it('asks this machine alone', async () => {
  const file = await pingThat('[ "$5" = 127.0.0.1 ]');
  expect(await probeEcho(temporary.path)).toEqual({
    usable: true,
    evidence: `${file} is answered.`,
  });
});
