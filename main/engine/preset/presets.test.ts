import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { parseCreateRequest } from '../../contract/config/parse-config.ts';
import { silentLogger, type Logger } from '../base/logger.ts';
import { aConfig } from '../testing/a-config.ts';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { Presets } from './presets.ts';

describe('Presets', () => {
  const temporary = useTemporaryDirectory();
  const shippedDir = () => path.join(temporary.path, 'shipped');
  const ownDir = () => path.join(temporary.path, 'own');
  const open = (logger: Logger = silentLogger) =>
    new Presets({ shippedDir: shippedDir(), ownDir: ownDir(), logger });

  beforeEach(async () => {
    await mkdir(shippedDir());
    const text = 'title: A shell\ndescription: For trying things.\nsandbox: { image: alpine }\n';
    await writeFile(path.join(shippedDir(), 'shell.yaml'), text);
  });

  it('lists what is shipped, and what was saved, which makes the same sandbox', async () => {
    const config = aConfig({
      cpus: 3,
      scripts: { greet: 'echo hi\n' },
      volumes: { '/data': { bind: '/host/data', access: 'rw' } },
    });
    const saved = await open().save({ name: 'mine', description: 'Of mine.', config });
    expect(saved).toMatchObject({ name: 'mine', description: 'Of mine.', origin: 'own' });
    const [shell, mine] = await open().list();
    expect(shell).toEqual({
      name: 'shell',
      title: 'A shell',
      description: 'For trying things.',
      origin: 'shipped',
      request: { image: 'alpine' },
    });
    expect(mine).toEqual(saved);
    const { request } = parseCreateRequest({ ...mine?.request, name: 'web' });
    expect(request).toEqual({ ...config, replace: false });
  });

  it('lets one of the user’s own stand in for a shipped one of its name, until it is removed', async () => {
    await open().save({ name: 'shell', description: '', config: aConfig() });
    expect((await open().list()).map(({ origin }) => origin)).toEqual(['own']);
    await open().remove('shell');
    expect((await open().list()).map(({ origin }) => origin)).toEqual(['shipped']);
    await expect(open().remove('shell')).rejects.toMatchObject({ code: 'preset/not-found' });
    await expect(open().remove('../shipped/shell')).rejects.toMatchObject({
      code: 'preset/not-found',
    });
  });

  it('leaves out what cannot be read, says so in the log, and leaves it as it is', async () => {
    const said: unknown[] = [];
    await writeFile(path.join(shippedDir(), 'broken.yaml'), 'title: [');
    await writeFile(path.join(shippedDir(), 'note.txt'), 'not a preset');
    const logger = { ...silentLogger, warn: (...what: unknown[]) => said.push(what) };
    expect((await open(logger).list()).map(({ name }) => name)).toEqual(['shell']);
    expect(said).toMatchObject([[expect.any(String), { file: 'broken.yaml' }]]);
    expect(await readFile(path.join(shippedDir(), 'broken.yaml'), 'utf8')).toBe('title: [');
  });

  it('has none where there are no folders', async () => {
    const nowhere = path.join(temporary.path, 'nowhere');
    const presets = new Presets({ shippedDir: nowhere, ownDir: nowhere, logger: silentLogger });
    expect(await presets.list()).toEqual([]);
    expect(await readdir(temporary.path)).toEqual(['shipped']);
  });
});
