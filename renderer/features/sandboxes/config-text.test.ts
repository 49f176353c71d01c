import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import {
  sandboxConfigSchema,
  type SandboxConfigInput,
} from '../../../main/contract/sandbox-config.ts';
import { formatCommandLine, formatYaml } from './config-text.ts';

const aConfig = (change: Partial<SandboxConfigInput> = {}) =>
  sandboxConfigSchema.parse({ name: 'web-api', image: 'debian:bookworm', ...change });

describe('formatCommandLine', () => {
  it('leaves out what is a default anyway', () => {
    expect(formatCommandLine(aConfig())).toBe('skerry create web-api --image debian:bookworm');
  });

  it('names what is not', () => {
    expect(formatCommandLine(aConfig({ cpus: 2, memoryMiB: 1024 }))).toBe(
      'skerry create web-api --image debian:bookworm --cpus 2 --memory 1024',
    );
  });

  it('is read by a shell as it was meant', () => {
    const value = `it's "$HOME" \\ \`x\``;
    const line = formatCommandLine(aConfig({ env: { A: value } }));
    const script = `skerry() { printf '%s\\0' "$@"; }; ${line}`;
    const words = execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' }).split('\0');
    expect(words.slice(-3, -1)).toEqual(['--env', `A=${value}`]);
  });
});

describe('formatYaml', () => {
  it('writes the whole configuration', () => {
    const config = aConfig({ workdir: '/srv', env: { MODE: 'on', NAME: 'a: b', N: '12' } });
    expect(formatYaml(config)).toMatchInlineSnapshot(`
      "name: web-api
      image: debian:bookworm
      cpus: 1
      memoryMiB: 512
      rootDiskMiB: 8192
      workdir: /srv
      shell: /bin/sh
      env:
        MODE: "on"
        NAME: "a: b"
        "N": "12"
      "
    `);
  });
});
