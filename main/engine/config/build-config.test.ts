import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ShareSupport } from '../host/share-probe.ts';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { buildConfig, toConfigReport, type BuildContext } from './build-config.ts';
import { problemsError } from './config-problem.ts';

const GiB = 1024 ** 3;

describe('buildConfig', () => {
  const temporary = useTemporaryDirectory();
  const at = (name: string) => path.join(temporary.path, name);
  let context: BuildContext;
  let support: ShareSupport;

  beforeEach(() => {
    support = { transport: 'virtiofs', files: true, evidence: 'In this test.' };
    context = {
      hostMemoryBytes: 4 * GiB,
      home: temporary.path,
      isImageStored: (reference) => Promise.resolve(reference === 'alpine'),
      isNameTaken: (name) => name === 'taken',
      findShareSupport: () => Promise.resolve(support),
    };
  });

  const build = (input: object) => buildConfig({ name: 'web', image: 'alpine', ...input }, context);

  async function problemsOf(input: object): Promise<string[]> {
    const { problems } = await build(input);
    return problems.map(({ path: field, code }) => `${field} ${code}`);
  }

  it('needs a name and an image, and fills in the rest', async () => {
    const report = toConfigReport(await build({}));
    expect(report).toEqual({
      config: {
        name: 'web',
        image: 'alpine',
        root: {},
        cpus: 1,
        memoryMiB: 512,
        rootDiskMiB: 8192,
        shell: '/bin/sh',
        env: {},
        volumes: {},
        network: { policy: 'public', allow: [], deny: [], rules: [], ports: [], bandwidth: {} },
        scripts: {},
        patches: [],
        labels: {},
        pullPolicy: 'if-missing',
      },
      problems: [],
      notes: [],
      root: { kind: 'image', reference: 'alpine', isStored: true },
    });
  });

  it('names every problem at once, each with its path', async () => {
    const input = {
      name: '-web',
      cpus: 0,
      memoryMiB: 1,
      shell: 'sh',
      env: { 'A=B': 'c' },
      volumes: { '/': { tmpfs: {} }, '/data': {} },
      scripts: { '../x': '' },
      patches: [{ kind: 'text', path: '/a/../b', content: '' }],
    };
    const { config, problems } = await build(input);
    expect(config).toBeUndefined();
    expect(problems.map((problem) => problem.path).sort()).toEqual([
      'cpus',
      'env.A=B',
      'memoryMiB',
      'name',
      'patches.0.path',
      'scripts.../x',
      'shell',
      'volumes./',
      'volumes./data',
    ]);
  });

  it('knows what only this machine can say', async () => {
    const { problems } = await build({ memoryMiB: 8192 });
    expect(problems).toEqual([
      {
        path: 'memoryMiB',
        message: 'Memory of 8192 MiB is more than this machine has (4096 MiB).',
        code: 'config/invalid',
      },
    ]);
    expect(await problemsOf({ name: 'taken' })).toEqual(['name sandbox/name-taken']);
    expect(await problemsOf({ name: 'taken', replace: true })).toEqual([]);
  });

  it.each([null, undefined, 'text', 7, [], { name: 7 }, { unknown: true }])(
    'finds something wrong with %j, and throws nothing',
    async (input) => {
      const { problems } = await buildConfig(input, context);
      expect(problems.length).toBeGreaterThan(0);
    },
  );

  describe('a directory as root', () => {
    it('is changed itself unless it is read-only, with every default filled in', async () => {
      await mkdir(at('root'));
      const { config, root, notes, problems } = await build({ image: '~/root' });
      expect(problems).toEqual([]);
      expect(config).toMatchObject({ image: at('root'), root: { access: 'rw' } });
      expect(root).toEqual({ kind: 'directory', path: at('root') });
      expect(notes.map(({ message }) => message)).toEqual([
        `The sandbox changes the files of ${at('root')} itself.`,
      ]);
      expect((await build({ image: at('root'), root: { access: 'ro' } })).notes).toEqual([]);
    });

    it('is what is there, whatever its name says', async () => {
      await mkdir(at('disk.qcow2'));
      expect((await build({ image: at('disk.qcow2') })).root?.kind).toBe('directory');
    });

    it.each([
      [{ image: '/nowhere/at/all' }, 'image root/not-found'],
      [{ image: './relative' }, 'image root/not-found'],
      [{ image: '/' }, 'image root/unsupported'],
      [{ image: '/dev/null' }, 'image root/unsupported'],
    ])('is refused: %o', async (input, problem) => {
      expect(await problemsOf(input)).toEqual([problem]);
    });

    it('takes no options of a disk, and an image takes none at all', async () => {
      await mkdir(at('root'));
      const options = { fork: true, partition: 2 };
      expect(await problemsOf({ image: at('root'), root: options })).toEqual([
        'root.partition config/invalid',
        'root.fork config/invalid',
      ]);
      expect(await problemsOf({ root: { access: 'ro' } })).toEqual(['root.access config/invalid']);
    });

    it('needs a way into the guest', async () => {
      support = { transport: undefined, files: false, evidence: 'There is no virtiofsd.' };
      await mkdir(at('root'));
      const { problems } = await build({ image: at('root'), volumes: { '/d': { named: 'x' } } });
      expect(problems).toEqual([
        { path: 'image', message: 'There is no virtiofsd.', code: 'share/unavailable' },
        { path: 'volumes./d', message: 'There is no virtiofsd.', code: 'share/unavailable' },
      ]);
      expect(await problemsOf({ volumes: { '/t': { tmpfs: {} } } })).toEqual([]);
    });
  });

  describe('volumes and patches', () => {
    it('name files of the host, which are made absolute and looked at', async () => {
      await mkdir(at('data'));
      await writeFile(at('file'), '');
      await symlink('data', at('alias'));
      const { config, problems } = await build({
        volumes: { '/data': { bind: '~/data/', access: 'rw' }, '/f': { bind: at('alias') } },
        patches: [
          { kind: 'file', path: '/f', source: `${at('data')}/../file` },
          { kind: 'dir', path: '/d', source: at('alias') },
        ],
      });
      expect(problems).toEqual([]);
      expect(config).toMatchObject({
        volumes: {
          '/data': { bind: at('data'), access: 'rw' },
          '/f': { bind: at('alias'), access: 'ro' },
        },
        patches: [{ source: at('file') }, { source: at('alias') }],
      });
    });

    it('are refused with their path where the source is not there or of another kind', async () => {
      await writeFile(at('file'), '');
      await symlink('loop', at('loop'));
      const volumes = {
        '/a': { bind: at('nowhere') },
        '/b': { bind: './relative' },
        '/c': { bind: at('loop') },
        '/d': { bind: '/dev/null' },
      };
      const patches = [
        { kind: 'dir', path: '/x', source: at('file') },
        { kind: 'file', path: '/x', source: temporary.path },
        { kind: 'file', path: '/x', source: at('nowhere') },
      ];
      expect((await problemsOf({ volumes, patches })).sort()).toEqual([
        'patches.0.source patch/source-missing',
        'patches.1.source patch/source-missing',
        'patches.2.source patch/source-missing',
        'volumes./a.bind volume/source-missing',
        'volumes./b.bind volume/source-missing',
        'volumes./c.bind volume/source-missing',
        'volumes./d.bind volume/source-missing',
      ]);
      const { problems } = await build({ volumes: { '/a': { bind: at('nowhere') } } });
      expect(problems[0]?.message).toContain(at('nowhere'));
    });

    it.skipIf(process.getuid?.() === 0)('need the rights that they ask for', async () => {
      await mkdir(at('data'), { mode: 0o555 });
      await chmod(at('data'), 0o555);
      expect(await problemsOf({ volumes: { '/d': { bind: at('data'), access: 'rw' } } })).toEqual([
        'volumes./d.bind volume/source-missing',
      ]);
    });
  });

  it('becomes one error, of the code that all problems share', async () => {
    const { problems } = await build({ volumes: { '/a': { bind: at('nowhere') } } });
    expect(problemsError(problems)).toMatchObject({
      code: 'volume/source-missing',
      details: { issues: [{ field: 'volumes./a.bind' }] },
    });
    const both = await build({ name: 'taken', memoryMiB: 8192 });
    expect(problemsError(both.problems)).toMatchObject({ code: 'config/invalid' });
  });

  it('gives the same for what it gave', async () => {
    await mkdir(at('root'));
    const input = {
      image: '~/root',
      volumes: { '/b/': { bind: '~/root' }, '/a': { named: 'x' } },
      patches: [{ kind: 'mkdir', path: '/x/', mode: '755' }],
    };
    const once = await build(input);
    expect(await build(once.config ?? {})).toEqual(once);
  });
});
