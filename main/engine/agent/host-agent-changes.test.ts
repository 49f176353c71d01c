/** How files stand against an image, by the real agent over a real overlay of this machine. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { askFiles } from './ask-files.ts';
import { isLinux, useHostAgent } from './testing/host-agent-fixture.ts';

const base = mkdtempSync(path.join(os.tmpdir(), 'skerry-overlay-'));
const at = (name: string): string => path.join(base, name);

/** Whether an overlay can be mounted here, and taken away again. */
function mountOverlay(): boolean {
  const script = `set -e; cd "$1"; mkdir -p lower upper work root
    mkdir -p lower/etc lower/dir/below lower/anew/old lower/kept/deep lower/own
    echo 1 > lower/etc/changed; echo 2 > lower/etc/gone; echo 3 > lower/dir/below/file
    echo 4 > lower/anew/old/file; echo 5 > lower/anew/same; echo 6 > lower/kept/deep/file
    mount -t overlay overlay -o lowerdir=lower,upperdir=upper,workdir=work,redirect_dir=off,metacopy=off,index=off,xino=off root
    cd root; echo more >> etc/changed; rm etc/gone; echo new > etc/new; echo box > etc/hostname
    rm -r dir; rm -r anew; mkdir anew; echo again > anew/same
    mkdir -p added/below; echo x > added/below/file; mkdir proc; chmod 700 own
    touch kept/deep/passing; rm kept/deep/passing`;
  try {
    execFileSync('sh', ['-c', script, 'sh', base], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const hasOverlay = isLinux && process.getuid?.() === 0 && mountOverlay();

afterAll(() => {
  if (hasOverlay) execFileSync('sh', ['-c', 'umount "$1"', 'sh', at('root')]);
  rmSync(base, { recursive: true });
});

describe.skipIf(!hasOverlay)('an overlay', () => {
  const host = useHostAgent([at('root'), at('upper'), at('lower')]);

  async function changes(action: 'list' | 'changes', of: string): Promise<Record<string, unknown>> {
    const { files } = await askFiles(host.agent, { action, paths: [of] });
    return Object.fromEntries(files.map(({ entry }) => [entry.name, entry.change]));
  }

  it('marks what is added, modified and removed', async () => {
    expect(await changes('list', at('root'))).toEqual({
      ...{ etc: 'modified', added: 'added', anew: 'modified', own: 'modified', dir: 'removed' },
      // The agent makes mount points, and what came and went again has changed nothing.
      ...{ kept: undefined, proc: undefined },
    });
    expect(await changes('list', at('root/etc'))).toEqual({
      ...{ changed: 'modified', gone: 'removed', new: 'added', hostname: undefined },
    });
    expect(await changes('list', at('root/anew'))).toEqual({ same: 'modified', old: 'removed' });
    expect(await changes('list', at('root/added'))).toEqual({ below: 'added' });
    expect(await changes('list', at('root/kept'))).toEqual({ deep: undefined });
  });

  it('tells every path that differs, and a directory only for itself', async () => {
    expect(await changes('changes', at('root'))).toEqual({
      '/etc/changed': 'modified',
      '/etc/gone': 'removed',
      '/etc/new': 'added',
      '/dir': 'removed',
      '/anew/same': 'modified',
      '/anew/old': 'removed',
      '/added': 'added',
      '/added/below': 'added',
      '/added/below/file': 'added',
      '/own': 'modified',
    });
    expect(await changes('changes', at('root/anew'))).toEqual({
      ...{ '/anew/same': 'modified', '/anew/old': 'removed' },
    });
    expect(await changes('changes', at('root/kept'))).toEqual({});
  });

  it('has nothing to say of what is on another filesystem', async () => {
    expect(await changes('changes', '/proc')).toEqual({});
    expect(Object.values(await changes('list', '/proc/self')).filter(Boolean)).toEqual([]);
  });
});
