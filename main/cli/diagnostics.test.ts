/** `skerry diagnostics`; the engine is a fake. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { extract } from 'tar-stream';
import { text } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FakeEngine } from '../engine/testing/fake-engine.ts';
import { CliFixture } from './testing/cli-fixture.ts';

const folder = 'skerry-diagnostics-1970-01-01T00-00-00';
const contents = { [`${folder}/host.json`]: '{}\n', [`${folder}/logs/host.log`]: 'the end\n' };
let cli: CliFixture;

beforeEach(async () => {
  cli = await CliFixture.start(new FakeEngine());
});
afterEach(async () => {
  await cli[Symbol.asyncDispose]();
});

async function filesOf(archive: Uint8Array): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  const reading = extract();
  Readable.from([archive]).pipe(reading);
  for await (const entry of reading) files[entry.header.name] = await text(entry);
  return files;
}

it('writes a private tar file, and says what is in it and what is not', async () => {
  const { code, stdout } = await cli.call(['diagnostics']);
  expect(code).toBe(0);
  expect(stdout.toString()).toContain('logs/host.log  8 B  its end');
  expect(stdout.toString()).toContain('Taken out: 2 values of variables');
  const file = path.join(cli.dir, `${folder}.tar`);
  expect(stdout.toString()).toContain(`Written to ${folder}.tar`);
  expect(await filesOf(await readFile(file))).toEqual(contents);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

it('writes the tar file to stdout, and the words beside it', async () => {
  const { code, stdout, stderr } = await cli.call(['diagnostics', '-o', '-']);
  expect(code).toBe(0);
  expect(await filesOf(stdout)).toEqual(contents);
  expect(stderr).toContain('Taken out: 2 values of variables');
});

it('writes over nothing', async () => {
  const file = path.join(cli.dir, 'mine.tar');
  await writeFile(file, 'mine');
  const { code, stderr } = await cli.call(['diagnostics', '-o', file]);
  expect(code).toBe(2);
  expect(stderr).toContain('is there already');
  expect(await readFile(file, 'utf8')).toBe('mine');
});
