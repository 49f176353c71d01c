import { describe, expect, it } from 'vitest';
import {
  aptCommand,
  chooseWay,
  installArguments,
  missingPackages,
  neededPackages,
} from './package-plan.mjs';

describe('neededPackages', () => {
  it('has the emulator of the architecture', () => {
    expect(neededPackages('start', 'x64')).toContain('qemu-system-x86');
    expect(neededPackages('start', 'arm64')).toContain('qemu-system-arm');
    expect(neededPackages('start', 'arm64')).not.toContain('qemu-system-x86');
  });

  it('asks for no more than a start needs, and for the tests for what a start needs besides', () => {
    const start = neededPackages('start', 'x64');
    const kernel = neededPackages('kernel', 'x64');
    const test = neededPackages('test', 'x64');
    expect(start).not.toContain('chromium');
    expect(start).not.toContain('bison');
    expect(kernel).toEqual(expect.arrayContaining([...start, 'bison', 'libelf-dev']));
    expect(kernel).not.toContain('chromium');
    expect(test).toEqual(
      expect.arrayContaining([...kernel, 'chromium', 'docker-registry', 'nftables', 'iptables']),
    );
  });
});

describe('missingPackages', () => {
  const query = 'gcc\tii \nmake\trc \nxz-utils\tii \nmusl-tools\tun \n';

  it('takes for installed what is installed, and not what was removed or never was', () => {
    const names = ['gcc', 'make', 'xz-utils', 'musl-tools', 'skopeo'];
    expect(missingPackages(names, query)).toEqual(['make', 'musl-tools', 'skopeo']);
  });

  it('reads a package that is there for two architectures', () => {
    expect(missingPackages(['gcc'], 'gcc\tun \ngcc\tii \n')).toEqual([]);
  });

  it('misses everything where nothing was printed', () => {
    expect(missingPackages(['gcc'], '')).toEqual(['gcc']);
  });
});

describe('aptCommand', () => {
  it('can be pasted into a shell', () => {
    expect(aptCommand(installArguments(['make', 'gcc']), 'sudo').join(' ')).toMatchInlineSnapshot(
      `"sudo env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install -y --no-install-recommends make gcc"`,
    );
    expect(aptCommand(['update'], 'root')[0]).toBe('env');
  });
});

describe('chooseWay', () => {
  const user = { isRoot: false, yes: false, isTerminal: true, hasSudo: true };

  it('installs as root without asking', () => {
    expect(chooseWay({ ...user, isRoot: true, isTerminal: false, hasSudo: false })).toBe('as-root');
  });

  it('asks before it uses sudo, unless told not to', () => {
    expect(chooseWay(user)).toBe('ask');
    expect(chooseWay({ ...user, yes: true, isTerminal: false })).toBe('with-sudo');
  });

  it('only tells where nobody can answer or nothing can be done', () => {
    expect(chooseWay({ ...user, isTerminal: false })).toBe('tell');
    expect(chooseWay({ ...user, yes: true, hasSudo: false })).toBe('tell');
  });
});
