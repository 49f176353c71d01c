/** Logins on the command line; the engine is a fake. */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeEngine } from '../engine/testing/fake-engine.ts';
import { CliFixture, skerry } from './testing/cli-fixture.ts';

let engine: FakeEngine;
let cli: CliFixture;

beforeEach(async () => {
  engine = new FakeEngine();
  cli = await CliFixture.start(engine);
});

afterEach(async () => {
  await cli[Symbol.asyncDispose]();
});

const byStdin = ['login', 'registry.example:5000', '-u', 'alice', '--password-stdin'];

describe('login', () => {
  it('takes the password from stdin, without the line break that ends it', async () => {
    const result = await cli.call(byStdin, 'open sesame\n');
    expect(result).toMatchObject({ code: 0, stdout: Buffer.from('') });
    expect(result.stderr).toBe(
      'Logged in to registry.example:5000 as alice; kept by the secret-service of the test.\n',
    );
    expect(engine.fakeRegistries.logins).toEqual([
      {
        registry: 'registry.example:5000',
        credential: { username: 'alice', password: 'open sesame' },
        allowFile: false,
        skipTest: false,
      },
    ]);
  });

  it('knows an identity token by its user', async () => {
    await cli.call(['login', 'a.example', '-u', '<token>', '--password-stdin'], 'the token');
    expect(engine.fakeRegistries.logins).toMatchObject([
      { credential: { identityToken: 'the token' } },
    ]);
  });

  it('keeps no wrong password, unless it is told not to ask', async () => {
    const refused = await cli.call(byStdin, 'wrong');
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stderr).toContain('(registry/wrong-password)');
    expect(await cli.call([...byStdin, '--skip-test'], 'wrong')).toMatchObject({ code: 0 });
  });

  it('writes to a file only where that is allowed, and says so before', async () => {
    engine.fakeRegistries.keeper = 'file';
    const refused = await cli.call(byStdin, 'sesame');
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stderr).toContain('(credentials/no-keeper)');
    const allowed = await cli.call([...byStdin, '--allow-file'], 'sesame');
    expect(allowed).toMatchObject({ code: 0 });
    expect(allowed.stderr).toMatch(
      /^Nothing here keeps it encrypted\..*secrets\.json\.\nLogged in/,
    );
  });

  it.each([
    ['no terminal', ['login', 'a.example', '-u', 'alice'], 'use --password-stdin'],
    ['no user', ['login', 'a.example', '--password-stdin'], '--username'],
    [
      'no password',
      ['login', 'a.example', '-u', 'alice', '--password-stdin'],
      'password is needed',
    ],
    ['a password in its arguments', ['login', 'a.example', '--password', 'x'], 'unknown option'],
  ])('refuses %s', async (_, args, words) => {
    const { code, stderr } = await cli.call(args);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(words) as string });
    expect(engine.fakeRegistries.logins).toEqual([]);
  });

  it('refuses what is no name of a registry', async () => {
    const { code, stderr } = await cli.call(['login', 'a b', '-u', 'x', '--password-stdin'], 'y');
    expect(code).toBe(1);
    expect(stderr).toContain('"a b" is not the name of a registry.');
    expect(stderr).not.toContain('y"');
  });
});

const script = '/usr/bin/script';
describe.runIf(process.platform === 'linux' && existsSync(script))('login at a terminal', () => {
  /** Types each answer when its question is there; resolves with what was shown. */
  async function type(args: string, answers: readonly (readonly [string, string])[]) {
    // The shell must not end with what interrupts the command.
    const lines = `trap : INT; ${skerry} ${args}; echo "ended with $?"; stty -a`;
    const child = cli.begin(['-qec', lines, '/dev/null'], { program: script });
    let output = '';
    let seen = 0;
    const rest = [...answers];
    child.stdout.on('data', (part: Buffer) => {
      output += part.toString();
      const [question, answer] = rest[0] ?? [];
      if (question === undefined || !output.slice(seen).includes(question)) return;
      seen = output.length;
      rest.shift();
      child.stdin.write(answer);
    });
    await once(child, 'close');
    expect(output).toMatch(/ icanon /);
    expect(output).toMatch(/ echo /);
    return output;
  }

  it('asks for user and password, and does not show the password', async () => {
    const output = await type('login registry.example', [
      ['User at registry.example: ', 'alice\r'],
      ['Password: ', 'sesamX\x7fe\r'],
    ]);
    expect(output).toContain('ended with 0');
    expect(output).not.toContain('sesam');
    expect(engine.fakeRegistries.logins).toMatchObject([
      { credential: { username: 'alice', password: 'sesame' } },
    ]);
  });

  it('asks before it writes to a file', async () => {
    engine.fakeRegistries.keeper = 'file';
    const refused = await type('login registry.example -u alice', [['[y/N] ', 'n\r']]);
    expect(refused).toContain('ended with 1');
    expect(engine.fakeRegistries.logins).toEqual([]);
    const allowed = await type('login registry.example -u alice', [
      ['[y/N] ', 'y\r'],
      ['Password: ', 'sesame\r'],
    ]);
    expect(allowed).toContain('ended with 0');
    expect(engine.fakeRegistries.logins).toMatchObject([{ allowFile: true }]);
  });

  it('ends when it is interrupted', async () => {
    const output = await type('login registry.example -u alice', [['Password: ', 'ses\x03']]);
    expect(output).toContain('ended with 130');
    expect(engine.fakeRegistries.logins).toEqual([]);
  });
});

describe('logout and registries', () => {
  it('lists who we are and where that is from, and forgets', async () => {
    await cli.call(byStdin, 'sesame');
    const listed = await cli.call(['registries']);
    expect(listed.stdout.toString()).toBe(
      [
        'REGISTRY               USER   FROM    KEPT BY',
        'docker.io              -      -       -',
        'registry.example:5000  alice  Skerry  the secret-service of the test',
        'docker.example         moby   Docker  /home/me/.docker/config.json',
        '',
      ].join('\n'),
    );
    const json = await cli.call(['registries', '--json']);
    expect(JSON.parse(json.stdout.toString())).toMatchObject([
      { name: 'docker.io' },
      { name: 'registry.example:5000', credential: { username: 'alice', source: 'skerry' } },
      { name: 'docker.example', credential: { source: 'docker-config' } },
    ]);
    expect(json.stdout.toString()).not.toContain('sesame');
    const gone = await cli.call(['logout', 'registry.example:5000']);
    expect(gone).toMatchObject({ code: 0, stderr: 'Logged out of registry.example:5000.\n' });
    const again = await cli.call(['logout', 'registry.example:5000']);
    expect(again.stderr).toContain('(registry/not-configured)');
  });

  it('says that another program’s credential is used from then on', async () => {
    await cli.call(['login', 'docker.example', '-u', 'alice', '--password-stdin'], 'sesame');
    const { stderr } = await cli.call(['logout', 'docker.example']);
    expect(stderr).toContain('It is used as moby all the same, from /home/me/.docker/config.json.');
  });
});
