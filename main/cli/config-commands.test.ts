/** Configurations on the command line, against a real host process; the engine is a fake. */
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeEngine } from '../engine/testing/fake-engine.ts';
import { CliFixture } from './testing/cli-fixture.ts';

let engine: FakeEngine;
let cli: CliFixture;
let files: string;
const at = (name: string): string => path.join(files, name);

beforeEach(async () => {
  engine = new FakeEngine();
  cli = await CliFixture.start(engine);
  files = path.join(cli.dir, 'files');
  await mkdir(at('data'), { recursive: true });
});

afterEach(async () => {
  await cli[Symbol.asyncDispose]();
});

/** Runs a command that has to succeed; resolves with its stdout. */
async function output(args: readonly string[], input = ''): Promise<string> {
  const { code, stdout, stderr } = await cli.call(args, input, { cwd: files });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.toString();
}

/** Runs a command that has to fail; resolves with its stderr. */
async function refusal(args: readonly string[], input = '', code = 1): Promise<string> {
  const result = await cli.call(args, input, { cwd: files });
  expect({ code: result.code, stdout: result.stdout.toString() }).toEqual({ code, stdout: '' });
  return result.stderr;
}

const configOf = (name: string) => engine.sandboxes.inspect(name).config;

describe('create', () => {
  it('reads a file, whose paths are beside it, and options win over it', async () => {
    await mkdir(at('sub/data'), { recursive: true });
    await writeFile(
      at('sub/web.yaml'),
      `name: web
image: skerry/starter
memory: 256
env: { A: file, B: file }
volumes:
  /data: { bind: ./data, access: rw }
  /cache: { named: cache }
`,
    );
    const args = ['-e', 'B=option', '-v', './data:/here', '--memory', '128', '--label', 'a=b'];
    expect(await output(['create', '--file', 'sub/web.yaml', ...args])).toBe('web\n');
    expect(configOf('web')).toMatchObject({
      memoryMiB: 128,
      env: { A: 'file', B: 'option' },
      labels: { a: 'b' },
      volumes: {
        '/data': { bind: at('sub/data'), access: 'rw' },
        '/cache': { named: 'cache', access: 'rw' },
        '/here': { bind: at('data'), access: 'ro' },
      },
    });
  });

  it('reads stdin, beside the working directory, under another name', async () => {
    const text = '{ name: other, image: skerry/starter, volumes: { /d: { bind: ./data } } }';
    expect(await output(['create', 'web', '--file', '-'], text)).toBe('web\n');
    expect(configOf('web').volumes).toEqual({ '/d': { bind: at('data'), access: 'ro' } });
  });

  it('begins from a preset', async () => {
    await output(['create', 'web', '--preset', 'shell', '-e', 'B=1']);
    expect(configOf('web')).toMatchObject({
      image: 'skerry/starter',
      env: { FROM: 'preset', B: '1' },
    });
    expect(await refusal(['create', 'x', '--preset', 'none'])).toContain('(preset/not-found)');
  });

  it('takes the place of another sandbox where that is asked', async () => {
    await output(['create', 'web', '--image', 'skerry/starter']);
    const { id } = engine.sandboxes.inspect('web');
    const again = ['create', 'web', '--image', 'skerry/starter', '--cpus', '2'];
    expect(await refusal(again)).toContain('(sandbox/name-taken)');
    expect(await refusal(['create', 'web', '--image', 'missing', '--replace'])).toContain(
      '(image/not-found)',
    );
    expect(engine.sandboxes.inspect('web').id).toBe(id);
    await output([...again, '--replace']);
    expect(engine.sandboxes.inspect('web')).toMatchObject({ config: { cpus: 2 } });
    expect(engine.sandboxes.inspect('web').id).not.toBe(id);
  });

  it('never pulls where that is asked', async () => {
    const args = ['create', 'web', '--image', 'alpine', '--pull', 'never'];
    expect(await refusal(args)).toContain('(image/not-stored)');
    expect(engine.sandboxes.list()).toEqual([]);
  });

  it.each<[string[], string, RegExp]>([
    [['-f', 'none.yaml'], '', /^skerry: none\.yaml cannot be read: there is no such file\.\n/],
    [['-f', '-'], 'image: a\n  cpus: 1', /^skerry: stdin: .* at line \d, column \d+\.\n/],
    [['-f', '-'], 'image: a\nimage: b', /^skerry: stdin: "image" is there twice, at line 2\.\n/],
  ])('%j cannot be read: %j', async (args, input, words) => {
    const stderr = await refusal(['create', 'web', ...args], input);
    expect(stderr).toMatch(words);
    expect(stderr).toContain('(config/unreadable)');
  });

  it('names every problem by its name in a file', async () => {
    const file =
      'image: Alpine\nmemory: 1\nenv: { __proto: 1 }\nvolumes: { /: { tmpfs: {} } }\ngpu: 1';
    expect(await refusal(['create', 'web', '-f', '-'], file)).toBe(
      `skerry: There are 5 problems.
  image: "Alpine" must be in lower case.
  memory: Memory in MiB must be a whole number from 128 to 1048576.
  env.__proto: This must be text: put 1 in quotes.
  volumes./: "/" is the root itself; name a path below it.
  gpu: There is no field "gpu" here.
→ Correct the fields that are named. (config/invalid)
`,
    );
  });

  it.each([
    ['-v ./none:/a', 'volume/source-missing'],
    ['--patch {kind:,path:/a}', 'config/invalid'],
    ['--root-access ro', 'config/invalid'],
    ['-e __proto__=x', undefined],
    ['--label __proto__=x', undefined],
    ['--script __proto__=x', 'config/invalid'],
    ['-v cache:__proto__', 'config/invalid'],
    ['-v {bind:./data}', undefined],
    ['-v ./data:relative', 'config/invalid'],
    ['--net some', 'config/invalid'],
    ['--hostname -x', 'config/invalid'],
  ])('refuses %s', async (options, code) => {
    const args = ['create', 'web', '--image', 'skerry/starter', ...options.split(/ (.*)/, 2)];
    const stderr = await refusal(args, '', code === undefined ? 2 : 1);
    expect(stderr).toContain(code === undefined ? 'skerry: ' : `(${code})`);
  });

  it('needs a name and an image', async () => {
    const words = /^skerry: A sandbox needs an? (name|image): /;
    expect(await refusal(['create', '--image', 'alpine'], '', 2)).toMatch(words);
    expect(await refusal(['create', 'web'], '', 2)).toMatch(words);
    expect(await refusal(['run', '--', 'missing'])).toContain('(image/not-found)');
  });
});

describe('create --dry-run', () => {
  const args = ['create', 'web', '--image', 'skerry/starter', '--dry-run', '-v', './data:/data'];
  const yaml = () => `name: web
image: skerry/starter
cpus: 1
memory: 512
rootDisk: 8192
shell: /bin/sh
volumes:
  /data:
    bind: ${at('data')}
    access: ro
network:
  policy: public
pullPolicy: if-missing
`;

  it('prints what would be made, and makes nothing', async () => {
    expect(await output(args)).toBe(yaml());
    expect(JSON.parse(await output([...args, '--format', 'json']))).toMatchObject({
      name: 'web',
      memory: 512,
      volumes: { '/data': { bind: at('data') } },
    });
    expect(engine.sandboxes.list()).toEqual([]);
    expect(await output(['create', '--file', '-', '--dry-run'], yaml())).toBe(yaml());
    expect(await output(['create', 'web', '--preset', 'shell', '--dry-run'])).toContain('FROM:');
  });

  it('finds every problem, also that a name is taken', async () => {
    await output(['create', 'web', '--image', 'skerry/starter']);
    const stderr = await refusal([...args, '-v', './none:/none', '--memory', '1048576']);
    expect(stderr.split('\n').slice(0, 4)).toEqual([
      'skerry: There are 3 problems.',
      '  name: There is a sandbox named "web" already.',
      expect.stringMatching(/^ {2}memory: Memory of 1048576 MiB is more/) as unknown,
      `  volumes./none.bind: The source of /none is missing. There is nothing at ${at('none')}.`,
    ]);
    const json = await refusal([...args, '--json']);
    expect(JSON.parse(json)).toMatchObject({
      error: { code: 'config/invalid', details: { issues: [{ field: 'name' }] } },
    });
  });

  it('needs no host process and starts none', async () => {
    const home = at('elsewhere');
    await mkdir(home, { mode: 0o700 });
    const run = (...more: string[]) =>
      cli.call(['create', 'web', '--image', 'skerry/starter', '--dry-run', ...more], '', {
        cwd: files,
        env: { SKERRY_HOME: home },
      });
    const { code, stdout } = await run('--tmpfs', '/t:8');
    expect(code).toBe(0);
    expect(stdout.toString()).toMatch(/^name: web\nimage: skerry\/starter\n[^]* sizeMiB: 8\n/);
    const refused = await run('--patch', '{ kind: file, path: /a, source: ./none }', '--cpus', '2');
    expect(refused).toMatchObject({ code: 1, stdout: Buffer.alloc(0) });
    expect(refused.stderr).toContain(`patches.0.source: There is nothing at ${at('none')}.`);
    expect(await readdir(home)).toEqual([]);
  });

  it('is what --format is for', async () => {
    const create = ['create', 'web', '--image', 'a', '--format', 'json'];
    expect(await refusal(create, '', 2)).toBe('skerry: --format goes with --dry-run.\n');
  });
});

describe('export', () => {
  it('prints a file of which the same sandbox is made', async () => {
    const options = [
      ...['-e', 'A=it\'s\n"x"', '-v', './data:/data:rw', '-v', 'c:/c', '--tmpfs', '/t:8'],
      ...['--script', 'greet=#!/bin/sh\necho hi', '--label', 'a=b', '--cmd', '["a b"]'],
      ...['--patch', '{ kind: text, path: /etc/motd, content: "hi\\n", mode: "600" }'],
      ...['--net', 'allow-list', '--allow', '*.a.b', '-u', 'app', '--hostname', 'h', '--pull'],
      ...['always', '--entrypoint', '/init', '-w', '/srv', '--shell', '/bin/bash', '--disk', '64'],
    ];
    await output(['create', 'web', '--image', 'skerry/starter', ...options]);
    for (const format of ['yaml', 'json']) {
      const exported = await output(['export', 'web', '--format', format]);
      await output(['rm', '--force', 'web']);
      await output(['create', '--file', '-'], exported);
      expect(await output(['export', 'web', '--format', format])).toBe(exported);
    }
    expect(await refusal(['export', 'nobody'])).toContain('(sandbox/not-found)');
  });
});

describe('edit', () => {
  beforeEach(async () => {
    await output(['create', 'web', '--image', 'skerry/starter', '-e', 'A=1', '--memory', '256']);
  });

  it('changes what is named, and says when each change applies', async () => {
    expect(await output(['edit', 'web', '-e', 'B=2', '--memory', '512', '--cpus', '1'])).toBe(
      'memory  at the next start\nenv     now\n',
    );
    expect(configOf('web')).toMatchObject({ memoryMiB: 512, env: { A: '1', B: '2' } });
    const same = await cli.call(['edit', 'web', '-e', 'B=2']);
    expect(same).toMatchObject({ code: 0, stderr: 'Nothing changes.\n' });
    const json = await output(['edit', 'web', '-e', 'B=3', '--json']);
    expect(JSON.parse(json)).toMatchObject({
      sandbox: { name: 'web', config: { env: { B: '3' } } },
      changes: [{ field: 'env', effect: 'now' }],
    });
  });

  it('takes a file as the whole', async () => {
    expect(await output(['edit', 'web', '--file', '-', '--cpus', '2'], 'memory: 256')).toBe(
      'cpus  at the next start\nenv   now\n',
    );
    expect(configOf('web')).toMatchObject({ cpus: 2, env: {} });
  });

  it.each([
    [['--image', 'alpine'], 'config/needs-new-sandbox'],
    [['--patch', '{ kind: remove, path: /etc/issue }'], 'config/needs-new-sandbox'],
    [['--memory', '1'], 'config/invalid'],
    [['-v', './none:/none'], 'volume/source-missing'],
    [['-f', 'none.yaml'], 'config/unreadable'],
  ])('refuses %j and changes nothing', async (options, code) => {
    const before = configOf('web');
    expect(await refusal(['edit', 'web', ...options, '-e', 'B=2'])).toContain(`(${code})`);
    expect(configOf('web')).toEqual(before);
    expect(await refusal(['edit', 'nobody', '-e', 'A=1'])).toContain('(sandbox/not-found)');
  });

  describe('in an editor', () => {
    /** Runs `edit` with an editor that does this to the file "$1". */
    async function editBy(script: string) {
      await writeFile(at('editor'), `#!/bin/sh\nset -eu\n${script}\n`);
      await chmod(at('editor'), 0o755);
      const env = { EDITOR: `${at('editor')} --flag`, VISUAL: '', TMPDIR: files };
      return cli.call(['edit', 'web'], '', { cwd: files, env });
    }
    const left = async () =>
      (await readdir(files)).filter((name) => name.startsWith('skerry-edit-'));

    it('applies what is saved', async () => {
      const result = await editBy(`
        [ "$1" = --flag ] && shift
        stat -c %a "$1" > ${at('mode')}
        cp "$1" ${at('seen')}
        sed -i 's/memory: 256/memory: 1024/' "$1"`);
      expect(result).toMatchObject({ code: 0, stderr: '' });
      expect(result.stdout.toString()).toBe('memory  at the next start\n');
      expect(configOf('web')).toMatchObject({ memoryMiB: 1024, env: { A: '1' } });
      expect(await readFile(at('mode'), 'utf8')).toBe('600\n');
      expect(await readFile(at('seen'), 'utf8')).toMatch(/^name: web\nimage: skerry\/starter\n/);
      expect(await left()).toEqual([]);
    });

    it('does nothing where nothing is changed, or the editor fails', async () => {
      const before = configOf('web');
      expect(await editBy('true')).toMatchObject({ code: 0, stderr: 'Nothing changes.\n' });
      const failed = await editBy('sed -i s/256/512/ "$2"; exit 3');
      expect(failed.code).toBe(2);
      expect(failed.stderr).toContain('ended with code 3; nothing is changed.');
      expect(configOf('web')).toEqual(before);
      expect(await left()).toEqual([]);
    });

    it.each([
      ['memory: 7', 'config/invalid'],
      ['memory: [', 'config/unreadable'],
      ['{ name: other, image: skerry/starter }', 'config/needs-new-sandbox'],
    ])('says why %j is refused, and keeps it', async (text, code) => {
      const { code: exit, stderr } = await editBy(`printf '%s' '${text}' > "$2"`);
      expect(exit).toBe(1);
      expect(stderr).toContain(`(${code})`);
      const kept = /^skerry: Your text is kept in (.*)$/m.exec(stderr)?.[1] ?? '';
      expect(await readFile(kept, 'utf8')).toBe(text);
    });
  });
});

describe('duplicate', () => {
  it('makes another sandbox of the same configuration', async () => {
    await output(['create', 'web', '--image', 'skerry/starter', '-e', 'A=1']);
    expect(await output(['duplicate', 'web', 'copy'])).toBe('copy\n');
    expect(configOf('copy')).toEqual({ ...configOf('web'), name: 'copy' });
    expect(await refusal(['duplicate', 'web', 'copy'])).toContain('(sandbox/name-taken)');
    expect(await refusal(['duplicate', 'web', 'b', '--with-disk'])).toContain('(sandbox/running)');
    await output(['stop', 'web']);
    const json = await output(['duplicate', 'web', 'b', '--with-disk', '--json']);
    expect(JSON.parse(json)).toMatchObject({ name: 'b', state: 'running' });
    expect(await refusal(['duplicate', 'nobody', 'c'])).toContain('(sandbox/not-found)');
  });
});

describe('run', () => {
  it('takes the same options, and a file may name the image', async () => {
    await writeFile(at('web.yaml'), 'image: skerry/starter\nenv: { A: file }\n');
    const run = ['run', '--rm', '--file', 'web.yaml'];
    expect(await output([...run, '--', 'env', 'A'])).toBe('file\n');
    expect(await output([...run, '-e', 'A=option', 'skerry/starter', 'env', 'A'])).toBe('option\n');
    expect(await output([...run, 'skerry/starter', '--', 'env', 'A'])).toBe('file\n');
    expect(await output(['run', '--rm', '--preset', 'shell', '--', 'env', 'FROM'])).toBe(
      'preset\n',
    );
    expect(await output([...run, '-u', 'app', '--', 'whoami'])).toBe('app\n');
    expect(engine.sandboxes.list()).toEqual([]);
  });
});

describe('ls', () => {
  it('shows those with every label that is named', async () => {
    const create = ['create', '--image', 'skerry/starter', '--label', 'team=a'];
    await output([...create, 'one', '--label', 'tier=web']);
    await output([...create, 'two']);
    const names = async (...labels: string[]) =>
      (JSON.parse(await output(['ls', '--json', ...labels])) as { name: string }[]).map(
        ({ name }) => name,
      );
    expect(await names('--label', 'team=a')).toEqual(['one', 'two']);
    expect(await names('--label', 'team=a', '--label', 'tier=web')).toEqual(['one']);
    expect(await names('--label', 'toString=x')).toEqual([]);
  });
});
