import { describe, expect, it } from 'vitest';
import { candidateOf, kernelPartsOf, kernelSourceOf } from './debian-packages.ts';

describe('kernelPartsOf', () => {
  it('finds the kernel behind Debian’s name for the newest one', () => {
    const output = 'linux-image-cloud-amd64\n  Depends: linux-image-6.1.0-56-cloud-amd64\n';
    expect(kernelPartsOf(output)).toEqual(['linux-image-6.1.0-56-cloud-amd64']);
  });

  it('finds image and modules of Ubuntu, and leaves the rest', () => {
    const output = [
      'linux-image-6.8.0-31-generic',
      '  Depends: kmod',
      ' |Depends: linux-modules-6.8.0-31-generic',
      '  Depends: <linux-initramfs-tool>',
      '    dracut',
      '  PreDepends: linux-image-unsigned-6.8.0-31-generic',
    ].join('\n');
    expect(kernelPartsOf(output)).toEqual([
      'linux-modules-6.8.0-31-generic',
      'linux-image-unsigned-6.8.0-31-generic',
    ]);
  });
});

describe('kernelSourceOf', () => {
  it('finds the source behind the name for the newest one', () => {
    const output = 'linux-source\n  Depends: linux-source-6.1\n';
    expect(kernelSourceOf(output)).toBe('linux-source-6.1');
    expect(kernelSourceOf('linux-source\n  Depends: coreutils\n')).toBeUndefined();
  });
});

describe('candidateOf', () => {
  it('reads the version that would be installed', () => {
    const output = 'busybox-static:\n  Installed: (none)\n  Candidate: 1:1.35.0-4+b1\n';
    expect(candidateOf(output)).toBe('1:1.35.0-4+b1');
  });

  it('knows a package that is not there', () => {
    expect(candidateOf('')).toBeUndefined();
    expect(candidateOf('x:\n  Installed: (none)\n  Candidate: (none)\n')).toBeUndefined();
  });
});
