import { open, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../base/app-error.ts';
import { FakeAgent } from '../testing/fake-agent.ts';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { SandboxesFixture } from './testing/sandboxes-fixture.ts';

describe('a sandbox that is', () => {
  const temporary = useTemporaryDirectory();
  let fixture: SandboxesFixture;

  beforeEach(() => {
    fixture = new SandboxesFixture(temporary.path);
  });
  afterEach(() => fixture.release());

  describe('replacing', () => {
    const replacing = { name: 'web', image: 'alpine', cpus: 3, replace: true } as const;

    it('stops the earlier sandbox, removes it and has the new one under its name', async () => {
      await fixture.create('web');
      const before = fixture.sandboxes.inspect('web');
      await fixture.finish(await fixture.sandboxes.create(replacing));
      const after = fixture.sandboxes.inspect('web');
      expect(after).toMatchObject({ state: 'running', config: { cpus: 3 } });
      expect(after.id).not.toBe(before.id);
      expect(fixture.sandboxes.list()).toHaveLength(1);
      expect(fixture.driver.machines.map(({ spec }) => spec.id)).toEqual([after.id]);
      expect(await readdir(path.join(fixture.dir, 'sandboxes'))).toEqual([after.id]);
      fixture.reopen();
      await fixture.sandboxes.restore();
      expect(fixture.sandboxes.list().map(({ id }) => id)).toEqual([after.id]);
    });

    it('needs no earlier sandbox', async () => {
      expect(await fixture.finish(await fixture.sandboxes.create(replacing))).toMatchObject({
        state: 'succeeded',
      });
    });

    it('keeps the earlier one running when the new one is not valid or its image not there', async () => {
      await fixture.create('web');
      const before = fixture.sandboxes.inspect('web');
      await expect(fixture.sandboxes.create({ ...replacing, cpus: 0 })).rejects.toMatchObject({
        code: 'config/invalid',
      });
      const missing = await fixture.finish(
        await fixture.sandboxes.create({ ...replacing, image: 'missing' }),
      );
      expect(missing).toMatchObject({ state: 'failed', error: { code: 'image/not-found' } });
      expect(fixture.sandboxes.list()).toEqual([before]);
      expect(await readdir(path.join(fixture.dir, 'sandboxes'))).toEqual([before.id]);
    });

    it('has the earlier one back, stopped, when the new one does not boot', async () => {
      await fixture.create('web');
      const before = fixture.sandboxes.inspect('web');
      fixture.failToStart();
      await fixture.finish(await fixture.sandboxes.create(replacing));
      expect(fixture.sandboxes.list()).toMatchObject([{ id: before.id, state: 'stopped' }]);
      expect(fixture.driver.machines).toEqual([]);
      fixture.onStart = () => undefined;
      expect(await fixture.finish(fixture.sandboxes.start('web'))).toMatchObject({
        state: 'succeeded',
      });
    });

    it('waits for nothing that is under way', async () => {
      await fixture.create('web');
      await fixture.sandboxes.stop('web');
      const starting = fixture.sandboxes.start('web');
      await expect(fixture.sandboxes.create(replacing)).rejects.toMatchObject({
        code: 'sandbox/busy',
      });
      await fixture.finish(starting);
    });
  });

  describe('configuring', () => {
    const change = (fields: object) =>
      fixture.sandboxes.configure('web', { ...fixture.sandboxes.inspect('web').config, ...fields });

    it('says when each change applies, and applies it then', async () => {
      await fixture.create('web');
      const { sandbox, changes } = await change({ env: { A: '1' }, cpus: 2, labels: { a: 'b' } });
      expect(changes).toEqual([
        { field: 'cpus', effect: 'next-start' },
        { field: 'env', effect: 'now' },
        { field: 'labels', effect: 'now' },
      ]);
      expect(sandbox.config).toMatchObject({ env: { A: '1' }, cpus: 2 });
      await fixture.sandboxes.exec({ name: 'web', command: ['env'] });
      expect(fixture.agents.at(-1)?.executed.at(-1)?.env).toMatchObject({ A: '1' });
      expect(fixture.driver.machines.at(-1)?.spec.cpus).toBe(1);
      await fixture.finish(fixture.sandboxes.restart('web'));
      expect(fixture.driver.machines.at(-1)?.spec.cpus).toBe(2);
      fixture.reopen();
      await fixture.sandboxes.restore();
      expect(fixture.sandboxes.inspect('web').config.cpus).toBe(2);
    });

    it.each([
      [{ image: 'debian' }, 'image'],
      [{ patches: [{ kind: 'remove', path: '/x' }] }, 'patches'],
      [{ rootDiskMiB: 64 }, 'rootDiskMiB'],
    ])('refuses %o, and changes nothing', async (fields, field) => {
      await fixture.create('web');
      const before = fixture.sandboxes.inspect('web');
      const attempt = change({ ...fields, cpus: 2 });
      await expect(attempt).rejects.toMatchObject({
        code: 'config/needs-new-sandbox',
        message: expect.stringContaining(field) as string,
      });
      expect(fixture.sandboxes.inspect('web')).toEqual(before);
    });

    it('refuses what is not valid, and another name', async () => {
      await fixture.create('web');
      await fixture.create('other');
      await expect(change({ cpus: 0 })).rejects.toMatchObject({ code: 'config/invalid' });
      await expect(change({ name: 'other' })).rejects.toMatchObject({ code: 'sandbox/name-taken' });
      await expect(change({ name: 'new' })).rejects.toMatchObject({
        code: 'config/needs-new-sandbox',
      });
      const volumes = { '/data': { bind: '/nowhere/at/all' } };
      await expect(change({ volumes })).rejects.toMatchObject({ code: 'volume/source-missing' });
    });

    it('says nothing of what has not changed', async () => {
      await fixture.create('web');
      expect((await change({})).changes).toEqual([]);
    });
  });

  describe('duplicating', () => {
    it('makes another sandbox of the same image, with a disk of its own', async () => {
      await fixture.create('web');
      await fixture.finish(fixture.sandboxes.duplicate('web', 'copy', false));
      const [web, copy] = fixture.sandboxes.list();
      expect(copy).toMatchObject({ name: 'copy', state: 'running', imageDigest: web?.imageDigest });
      expect(copy?.id).not.toBe(web?.id);
    });

    it('takes the disk along, once nobody writes it', async () => {
      await fixture.create('web');
      const with_ = () => fixture.sandboxes.duplicate('web', 'copy', true);
      expect(with_).toThrow('"web" is running.');
      await fixture.sandboxes.stop('web');
      const diskOf = (name: string) =>
        path.join(fixture.dir, 'sandboxes', fixture.sandboxes.inspect(name).id, 'upper.img');
      await writeFile(diskOf('web'), 'what was written');
      await fixture.finish(with_());
      await using copy = await open(diskOf('copy'));
      const { buffer } = await copy.read(Buffer.alloc(16), 0, 16, 0);
      expect(buffer.toString()).toBe('what was written');
      expect((await copy.stat()).blocks * 512).toBeLessThan(1024 * 1024);
    });

    it('refuses a name that is taken, and leaves nothing where the copy does not boot', async () => {
      await fixture.create('web');
      expect(() => fixture.sandboxes.duplicate('web', 'web', false)).toThrow('already');
      fixture.failToStart();
      await fixture.finish(fixture.sandboxes.duplicate('web', 'copy', false));
      expect(fixture.sandboxes.list().map(({ name }) => name)).toEqual(['web']);
    });
  });

  it('never pulls where the policy forbids it, and always where it asks for it', async () => {
    const never = { name: 'web', image: 'missing', pullPolicy: 'never' } as const;
    expect(await fixture.finish(await fixture.sandboxes.create(never))).toMatchObject({
      error: { code: 'image/not-stored' },
    });
    const always = { name: 'web', image: 'alpine', pullPolicy: 'always' } as const;
    expect(await fixture.finish(await fixture.sandboxes.create(always))).toMatchObject({
      error: { code: 'image/not-found' },
    });
  });

  it('names the patch that fails, and leaves nothing', async () => {
    fixture.makeAgent = () => {
      const agent = new FakeAgent();
      const details = { index: 1, errno: 17, reason: 'File exists' };
      agent.onSetUp = () => Promise.reject(new AppError('patch/failed', 'No.', { details }));
      return agent;
    };
    const patches = [
      { kind: 'mkdir', path: '/srv' },
      { kind: 'text', path: '/etc/motd', content: 'hi' },
    ] as const;
    const request = { name: 'web', image: 'alpine', patches: [...patches] };
    const ended = await fixture.finish(await fixture.sandboxes.create(request));
    expect(ended.error).toMatchObject({
      code: 'patch/failed',
      message: 'Patch 2 (text /etc/motd) could not be applied: File exists.',
      hint: expect.stringContaining('replace: true') as string,
    });
    expect(fixture.sandboxes.list()).toEqual([]);
  });
});
