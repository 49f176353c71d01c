import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { AppError, toErrorData } from '../base/app-error.ts';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { DockerHelper } from './docker-helper.ts';
import { writeHelper, writeProgram } from './testing/fake-programs.ts';

describe('DockerHelper', () => {
  const temporary = useTemporaryDirectory();
  const helper = (timeoutMs?: number) =>
    new DockerHelper('test', {
      env: { PATH: temporary.path },
      ...(timeoutMs !== undefined && { timeoutMs }),
    });
  const write = (script: string) => writeProgram(temporary.path, 'docker-credential-test', script);

  async function problemOf(work: Promise<unknown>): Promise<AppError> {
    const error: unknown = await work.catch((caught: unknown) => caught);
    if (!(error instanceof AppError)) throw new Error('It did not fail.');
    expect(error.code).toBe('credentials/unreadable');
    expect(error.message).toContain('docker-credential-test');
    return error;
  }

  it('stores, gives and erases', async () => {
    await writeHelper(temporary.path, 'test');
    const alice = { username: 'alice', password: 'sesame' };
    await helper().store('registry.example', alice);
    await helper().store('other.example', { identityToken: 'a token' });
    expect(await helper().get('registry.example')).toEqual(alice);
    expect(await helper().get('other.example')).toEqual({ identityToken: 'a token' });
    await helper().erase('registry.example');
    expect(await helper().get('registry.example')).toBeUndefined();
    await helper().erase('registry.example');
  });

  it('is asked on its stdin, and with nothing in its arguments', async () => {
    await write(
      'echo "$# $1 $(/bin/cat)" >"$0.asked"; echo \'{"Username":"alice","Secret":"sesame"}\'',
    );
    await helper().get('https://registry.example/v1/');
    const asked = await readFile(path.join(temporary.path, 'docker-credential-test.asked'), 'utf8');
    expect(asked).toBe('1 get https://registry.example/v1/\n');
  });

  it.each([
    ['says so', 'echo credentials not found in native keychain; exit 1'],
    ['gives an empty answer', 'echo \'{"Username":"","Secret":""}\''],
  ])('has nothing where it %s', async (_, script) => {
    await write(script);
    expect(await helper().get('registry.example')).toBeUndefined();
  });

  it.each([
    ['fails', 'echo sesame; echo sesame >&2; exit 3', 'status 3'],
    ['answers nonsense', 'echo sesame', 'makes no sense'],
    ['answers something else', 'echo \'{"Secret":["sesame"]}\'', 'makes no sense'],
    ['answers without end', 'while :; do echo sesame; done', 'in time'],
    ['is not there', undefined, 'is not installed'],
    ['says nothing', '', 'makes no sense'],
  ])('is named where it %s, and what it printed is not told', async (_, script, words) => {
    if (script !== undefined) await write(script);
    const error = await problemOf(helper(1000).get('registry.example'));
    expect(error.message).toContain(words);
    expect(JSON.stringify(toErrorData(error)) + String(error.cause)).not.toContain('sesame');
  });

  it('is killed with all that it started where the question is taken back', async () => {
    await write('/bin/sleep 1000 & echo "$$ $!" >"$0.new"; /bin/mv "$0.new" "$0.ids"; wait');
    const ids = path.join(temporary.path, 'docker-credential-test.ids');
    const cancel = new AbortController();
    const asked = helper().get('registry.example', cancel.signal);
    await until(() => existsSync(ids));
    cancel.abort();
    await expect(asked).rejects.toMatchObject({ code: 'operation/cancelled' });
    for (const id of (await readFile(ids, 'utf8')).trim().split(' ')) await gone(Number(id));
  });

  it.each(['../evil', 'a b', '', 'a/b', 'x'.repeat(100)])('has no name like "%s"', (name) => {
    expect(() => new DockerHelper(name)).toThrow(/is not the name of a credential helper/);
  });
});

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await delay(5);
}

/** Resolves when the process runs no more; one that nobody waits for is a zombie. */
async function gone(pid: number): Promise<void> {
  const runs = async (): Promise<boolean> => {
    const status = await readFile(`/proc/${String(pid)}/stat`, 'utf8').catch(() => '');
    return status !== '' && !/\) Z /.test(status);
  };
  while (await runs()) await delay(5);
}
