import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contract } from '../contract.ts';
import { arbitraryConfigInput } from '../testing/arbitrary-config.ts';
import { parseConfig, parseCreateRequest } from './parse-config.ts';

const minimal = { name: 'web', image: 'alpine' };

/** `field: message`, for each problem. */
function problemsOf(input: unknown): string[] {
  return parseCreateRequest(input).problems.map(({ path, message }) => `${path}: ${message}`);
}

describe('a request', () => {
  it('of any valid configuration has no problems', () => {
    fc.assert(
      fc.property(arbitraryConfigInput, (input) => {
        expect(parseCreateRequest(input).problems).toEqual([]);
        expect(parseConfig(input).problems).toEqual([]);
      }),
    );
  });

  it('says what is missing, and of what type it must be, in words', () => {
    const input = {
      cpus: '2',
      user: null,
      cmd: 'npm start',
      env: { PORT: 8080, DEBUG: true, EMPTY: null },
      volumes: [],
      labels: null,
      replace: 'yes',
      patches: [{ kind: 'mkdir' }, { kind: 'move' }, 7],
      root: { fork: 'yes' },
    };
    expect(problemsOf(input)).toEqual([
      'name: A sandbox needs a name.',
      'image: A sandbox needs an image: a reference, a directory or a disk image.',
      'root.fork: This must be true or false, not text.',
      'cpus: CPUs must be a whole number from 1 to 64.',
      'user: This must be text, and it is empty: leave it out or put it in quotes.',
      'cmd: This must be a list, not text.',
      'env.PORT: This must be text: put 8080 in quotes.',
      'env.DEBUG: This must be text: put true in quotes.',
      'env.EMPTY: This must be text, and it is empty: leave it out or put it in quotes.',
      'volumes: This must be a set of fields, not a list.',
      'patches.0.path: A value is needed.',
      'patches.1.kind: A patch has a kind: text, append, file, dir, symlink, mkdir or remove.',
      'patches.2: A patch has a kind: text, append, file, dir, symlink, mkdir or remove.',
      'labels: This must be a set of fields, and it is empty: leave it out.',
      'replace: This must be true or false, not text.',
    ]);
  });

  it('says what fields say together although others are wrong', () => {
    const input = {
      ...minimal,
      cpus: 0,
      root: { access: 'rw', fork: 1 },
      volumes: { '/': { named: 'a' }, '/b/': { bind: 7, named: 'a' }, '/b': { tmpfs: {} } },
      network: { ports: [80, '1:1', '1:2'] },
      gpu: true,
      cpu: 1,
    };
    expect(problemsOf(input)).toEqual([
      'root.fork: This must be true or false, not a number.',
      'cpus: CPUs must be a whole number from 1 to 64.',
      'volumes./b/.bind: This must be text: put 7 in quotes.',
      'volumes./b/: A volume has exactly one of "bind", "named" and "tmpfs".',
      'volumes./: "/" is the root itself; name a path below it.',
      'volumes./b: Two volumes are mounted at "/b".',
      'network.ports.0: A port is text in quotes: "8080:80".',
      'network.ports.2: Two ports are published at 127.0.0.1:1/tcp.',
      'gpu: There is no field "gpu" here.',
      'cpu: There is no field "cpu" here.',
      'root.access: "access" is for a directory or a disk image; "alpine" is an OCI image.',
      'root.fork: "fork" is for a directory or a disk image; "alpine" is an OCI image.',
    ]);
  });

  it.each(['env', 'labels', 'scripts', 'volumes'])(
    'refuses "__proto__" as a name in %s',
    (field) => {
      const entry = field === 'volumes' ? '{"tmpfs":{}}' : '"x"';
      const values = JSON.parse(`{"__proto__":${entry}}`) as object;
      const problem = `${field}.__proto__: "__proto__" cannot be a name here.`;
      expect(problemsOf({ ...minimal, [field]: values })).toEqual([problem]);
    },
  );

  it('refuses it on every way in', () => {
    const env = JSON.parse('{"__proto__":"x"}') as object;
    const inputs = [
      [contract.sandboxes.create, { ...minimal, env }],
      [contract.sandboxes.configure, { name: 'web', config: { ...minimal, env } }],
      [contract.sandboxes.exec, { name: 'web', command: [], env }],
      [contract.presets.save, { name: 'web', config: { ...minimal, env } }],
      [contract.config.build, env],
    ] as const;
    for (const [procedure, input] of inputs) {
      const result = procedure['~orpc'].inputSchema?.['~standard'].validate(input);
      expect(result).toMatchObject({ issues: [{ message: '"__proto__" cannot be a name here.' }] });
    }
  });

  it('is Unicode, and fits into one message', () => {
    expect(problemsOf({ ...minimal, env: { A: '\ud800' } })).toEqual([
      'env.A: This text has half of a character (a lone surrogate) in it.',
    ]);
    expect(problemsOf({ ...minimal, scripts: { a: 'é'.repeat(1024 * 1024) } })).toEqual([]);
    const scripts = { a: 'é'.repeat(1024 * 1024), b: 'é'.repeat(1024 * 1024) };
    expect(problemsOf({ ...minimal, scripts })).toEqual([
      ': A configuration has at most 3145728 bytes; copy large files with a patch of the kind "file".',
    ]);
  });

  it('refuses NUL where the guest would cut at it', () => {
    const input = {
      ...minimal,
      labels: { a: '\0' },
      env: { A: '\0' },
      cmd: ['\0'],
      workdir: '/\0',
    };
    expect(parseCreateRequest(input).problems.map(({ path }) => path)).toEqual([
      'workdir',
      'cmd.0',
      'env.A',
      'labels.a',
    ]);
  });

  it('does not tell thousands of problems', () => {
    const env = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`A${String(i)}`, i]));
    const { problems } = parseCreateRequest({ ...minimal, env });
    expect(problems).toHaveLength(101);
    expect(problems.at(-1)).toEqual({ path: '', message: 'There are 400 more problems.' });
  });

  it('is never an exception, whatever it is', () => {
    const value = fc.jsonValue({ maxDepth: 4 });
    const keys = [
      'name',
      'image',
      'root',
      'env',
      'volumes',
      'network',
      'scripts',
      'patches',
      'labels',
    ];
    const nested = fc.dictionary(
      fc.constantFrom(
        'bind',
        'named',
        'tmpfs',
        'ports',
        'kind',
        'path',
        'access',
        '/a',
        '__proto__',
      ),
      value,
    );
    const input = fc.oneof(
      value,
      fc.dictionary(fc.constantFrom(...keys), fc.oneof(value, nested, fc.array(nested))),
    );
    fc.assert(
      fc.property(input, (any) => {
        const { request, problems } = parseCreateRequest(any);
        expect(problems.length === 0).toBe(request !== undefined);
        for (const { message } of problems) {
          expect(message).toMatch(/\.$/);
          expect(message).not.toMatch(/invalid input|expected|received/i);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
