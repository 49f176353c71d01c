/** The command that a window shows, read back by the command's own grammar. */
import { Command } from 'commander';
import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandWords, formatCommandLine } from '../contract/config/command-line.ts';
import { sandboxConfigSchema, type SandboxConfigInput } from '../contract/sandbox-config.ts';
import { arbitraryConfig } from '../contract/testing/arbitrary-config.ts';
import { withConfigOptions, type ConfigOptions } from './config-options.ts';
import { requestOfOptions } from './request-of-options.ts';

/** What the words of `skerry create` describe. */
async function requestOfWords(words: readonly string[]): Promise<Record<string, unknown>> {
  const [program, verb, name, ...rest] = words;
  expect([program, verb]).toEqual(['skerry', 'create']);
  const command = withConfigOptions(new Command()).option('--image <image>').exitOverride();
  command.parse(rest, { from: 'user' });
  expect(command.args).toEqual([]);
  return { name, ...(await requestOfOptions(command.opts<ConfigOptions>())) };
}

/** Words as a shell takes them from a line. */
function splitByShell(line: string): string[] {
  const script = `set -- ${line}\nprintf '%s\\0' "$@"`;
  const output = execFileSync('/bin/sh', ['-s'], { input: script, encoding: 'utf8' });
  return output.split('\0').slice(0, -1);
}

const line = (input: Partial<SandboxConfigInput>): string =>
  formatCommandLine(sandboxConfigSchema.parse({ name: 'web', image: 'alpine', ...input }));

describe('the command line of a configuration', () => {
  it('makes the same sandbox, of any valid one', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryConfig, async (config) => {
        const request = await requestOfWords(commandWords(config));
        expect(sandboxConfigSchema.parse(request)).toEqual(config);
      }),
      { numRuns: 500 },
    );
  });

  it('comes out of a shell as it went in', () => {
    const configs = fc.sample(arbitraryConfig, { numRuns: 50, seed: 7 });
    const lines = configs.map(formatCommandLine).join(' \\\n');
    expect(splitByShell(lines)).toEqual(configs.flatMap(commandWords));
  });

  it('has nothing that is a default', () => {
    expect(line({})).toBe('skerry create web --image alpine');
    expect(line({ cpus: 1, memoryMiB: 512, network: { policy: 'public' } })).toBe(line({}));
  });

  it.each<[Partial<SandboxConfigInput>, string]>([
    [{ cpus: 2, memoryMiB: 1024, rootDiskMiB: 64 }, '--cpus 2 --memory 1024 --disk 64'],
    [{ env: { A: "it's", B: '' } }, String.raw`--env 'A=it'\''s' --env B=`],
    [{ entrypoint: ['npm', 'start'], cmd: ['-c'] }, `--entrypoint '["npm","start"]' --cmd -c`],
    [{ cmd: [] }, `--cmd '[]'`],
    [
      { volumes: { '/c': { named: 'c' }, '/d': { bind: '/d', access: 'rw' } } },
      '--volume c:/c --volume /d:/d:rw',
    ],
    [{ volumes: { '/s': { tmpfs: { sizeMiB: 8 } } } }, '--tmpfs /s:8'],
    [
      { volumes: { '/a:b': { bind: '/x' } } },
      `--volume '{ target: "/a:b", bind: "/x", access: "ro" }'`,
    ],
    [
      { network: { policy: 'allow-list', allow: ['*.a.b'], ports: ['8080:80/udp'] } },
      `--net allow-list --allow '*.a.b' --port 8080:80/udp`,
    ],
    [{ scripts: { greet: 'echo $A\n' } }, "--script 'greet=echo $A\n'"],
    [{ scripts: { greet: '@file' } }, `--script '{ name: "greet", text: "@file" }'`],
    [
      { patches: [{ kind: 'mkdir', path: '/srv', mode: '755' }] },
      `--patch '{ kind: "mkdir", path: "/srv", mode: "0755" }'`,
    ],
    [{ image: '/d.img', root: { fork: false, format: 'raw' } }, '--disk-format raw --no-fork'],
    [{ labels: { a: 'b' }, pullPolicy: 'never' }, '--label a=b --pull never'],
    [{ suspendAfterIdleMinutes: 30 }, '--suspend-after 30'],
  ])('of %j is %s', (input, words) => {
    const image = input.image ?? 'alpine';
    expect(line(input)).toBe(`skerry create web --image ${image} ${words}`);
  });
});
