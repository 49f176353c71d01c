import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryConfig } from '../../../main/contract/testing/arbitrary-config.ts';
import { checkDraft, problemAt } from './check-draft.ts';
import {
  defaultDraft,
  draftOf,
  emptyPatch,
  emptyVolume,
  type CreateDraft,
} from './create-draft.ts';
import { emptyRule } from './network-draft.ts';

const anywhere = { takenNames: [], hostMemoryMiB: undefined };
const aDraft = (change: Partial<CreateDraft> = {}): CreateDraft => ({
  ...defaultDraft,
  name: 'web-api',
  image: 'debian:bookworm',
  ...change,
});

describe('checkDraft', () => {
  it('makes a configuration of a good draft', () => {
    const { config, problems } = checkDraft(
      aDraft({
        cpus: '2',
        workdir: '/srv',
        suspendAfterIdleMinutes: '30',
        env: [{ name: 'A', value: '1' }],
        volumes: [
          { ...emptyVolume, source: '/host/data', target: '/data' },
          { ...emptyVolume, kind: 'tmpfs', target: '/scratch' },
        ],
        scripts: [{ name: 'greet', value: 'echo hi' }],
        patches: [{ ...emptyPatch, path: '/etc/motd', content: 'hi' }],
        ports: ['8080:80'],
        rules: [{ ...emptyRule, protocols: ['tcp'], ports: '443 8000-8999,' }],
        download: '2.5',
      }),
      anywhere,
    );
    expect(problems).toEqual([]);
    expect(config).toMatchObject({
      name: 'web-api',
      image: 'debian:bookworm',
      root: {},
      cpus: 2,
      memoryMiB: 512,
      workdir: '/srv',
      suspendAfterIdleMinutes: 30,
      env: { A: '1' },
      volumes: {
        '/data': { bind: '/host/data', access: 'ro' },
        '/scratch': { tmpfs: { sizeMiB: 64 } },
      },
      scripts: { greet: 'echo hi' },
      patches: [{ kind: 'text', path: '/etc/motd', content: 'hi', replace: false }],
      network: {
        ports: ['8080:80'],
        rules: [{ action: 'deny', destination: 'any', ports: ['443', '8000-8999'] }],
        bandwidth: { download: 2.5 },
      },
    });
  });

  it.each<[Partial<CreateDraft>, string, string]>([
    [{ name: '' }, 'name', 'A sandbox needs a name.'],
    [{ name: '-x' }, 'name', 'A name starts with a letter or digit.'],
    [{ name: 'taken' }, 'name', 'The name "taken" is taken.'],
    [{ image: '' }, 'image', 'An image reference is needed.'],
    [{ image: 'Debian' }, 'image', '"Debian" must be in lower case.'],
    [
      { suspendAfterIdleMinutes: '0' },
      'suspendAfterIdleMinutes',
      'The idle time in minutes must be a whole number from 1 to 43200.',
    ],
    [
      { sourceKind: 'directory', path: 'rootfs' },
      'image',
      'A path of this host begins with "/" or "~/".',
    ],
    [{ cpus: '0' }, 'cpus', 'CPUs must be a whole number from 1 to 64.'],
    [{ cpus: '' }, 'cpus', 'CPUs must be a whole number from 1 to 64.'],
    [{ memoryMiB: '4096' }, 'memoryMiB', 'This machine has 2048 MiB.'],
    [{ shell: 'sh' }, 'shell', 'A path in the sandbox is absolute: it starts with "/".'],
    [
      { volumes: [{ ...emptyVolume, source: '/x', target: 'data' }] },
      'volumes.data',
      'A path in the sandbox is absolute: it starts with "/".',
    ],
    [
      { volumes: [{ ...emptyVolume, source: 'x', target: '/data' }] },
      'volumes./data.bind',
      '"x" is no path: begin it with "/", "./", "../" or "~/".',
    ],
    [
      {
        env: [
          { name: 'A', value: '1' },
          { name: 'A', value: '2' },
        ],
      },
      'env.A',
      '"A" is there twice.',
    ],
    [{ upload: 'fast' }, 'network.bandwidth.upload', 'A rate in Mbit/s is a number'],
    [
      { rules: [{ ...emptyRule, ports: '443, 70000' }] },
      'network.rules.0.ports.1',
      'A port is a number from 1 to 65535',
    ],
    [{ allow: ['localhost'] }, 'network.allow.0', '"localhost" is a name without a dot.'],
    [{ ports: ['8080:80', '8080:81'] }, 'network.ports.1', 'Two ports are published at'],
    [{ patches: [{ ...emptyPatch, path: '/' }] }, 'patches.0.path', '"/" is the root itself'],
  ])('says what is wrong with %o beside the field', (change, path, message) => {
    const context = { takenNames: ['taken'], hostMemoryMiB: 2048 };
    const { config, problems } = checkDraft(aDraft(change), context);
    expect(config).toBeUndefined();
    expect(problemAt(problems, path)).toContain(message);
    expect(problems.every((problem) => problem.path.startsWith(path))).toBe(true);
  });

  it('says everything that is wrong at once', () => {
    const { problems } = checkDraft(aDraft({ name: '', cpus: 'x', workdir: 'y' }), anywhere);
    expect(problems.map(({ path }) => path).sort()).toEqual(['cpus', 'name', 'workdir']);
  });

  it('lets a sandbox be replaced by one of its name', () => {
    const context = { takenNames: ['web-api'], hostMemoryMiB: undefined };
    expect(checkDraft(aDraft({ replace: true }), context).problems).toEqual([]);
  });
});

describe('draftOf', () => {
  it('stands for its configuration, whatever that is', () => {
    fc.assert(
      fc.property(arbitraryConfig, (config) => {
        const result = checkDraft(draftOf(config), anywhere);
        expect(result).toEqual({ config, problems: [] });
        // A rate that is not set is not there, or each edit would count as a change.
        expect(result.config?.network).toStrictEqual(config.network);
      }),
      { numRuns: 100 },
    );
  });
});
