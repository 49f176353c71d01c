import { describe, expect, it } from 'vitest';
import {
  detectDiskFormat,
  findParent,
  findQcow2Problem,
  findSparseVmdkProblem,
  isLuks,
} from './disk-format.ts';

/** The first bytes of a qcow2, as QEMU's docs/interop/qcow2.txt lays them out. */
function qcow2Header(overrides: { version?: number; crypt?: number; features?: bigint } = {}) {
  const head = Buffer.alloc(104);
  head.write('QFI\xfb', 'latin1');
  head.writeUInt32BE(overrides.version ?? 3, 4);
  head.writeUInt32BE(overrides.crypt ?? 0, 32);
  head.writeBigUInt64BE(overrides.features ?? 0n, 72);
  return head;
}

function vmdkHeader(overrides: { version?: number; capacity?: bigint; text?: string } = {}) {
  const head = Buffer.alloc(11 * 1024);
  head.write('KDMV', 'latin1');
  head.writeUInt32LE(overrides.version ?? 1, 4);
  head.writeBigUInt64LE(overrides.capacity ?? 2048n, 12);
  head.write(overrides.text ?? '# Disk DescriptorFile\nparentCID=ffffffff\n', 512, 'latin1');
  return head;
}

describe('detectDiskFormat', () => {
  it.each([
    ['qcow2', qcow2Header()],
    ['qcow2', Buffer.from('QFI\xfb', 'latin1')],
    ['vmdk', vmdkHeader()],
    ['vmdk', Buffer.from('# Disk DescriptorFile\nversion=1\n')],
    ['raw', Buffer.from('QFI')],
    ['raw', Buffer.from(' # Disk DescriptorFile')],
    ['raw', Buffer.from('COWD')],
    ['raw', Buffer.alloc(0)],
  ] as const)('knows %s by its first bytes', (format, head) => {
    expect(detectDiskFormat(head)).toBe(format);
  });

  it('knows LUKS, which is raw otherwise', () => {
    expect(isLuks(Buffer.from('LUKS\xba\xbe', 'latin1'))).toBe(true);
    expect(isLuks(Buffer.from('LUKS', 'latin1'))).toBe(false);
  });
});

describe('findQcow2Problem', () => {
  it.each([
    [qcow2Header(), undefined],
    [qcow2Header({ version: 2 }), undefined],
    // Version 2 has nothing where version 3 has its features.
    [qcow2Header({ version: 2, features: 4n }), undefined],
    [qcow2Header({ version: 2 }).subarray(0, 72), undefined],
    [qcow2Header({ features: 1n }), undefined],
    [Buffer.from('raw bytes'), 'it does not begin as a qcow2 does'],
    [qcow2Header().subarray(0, 71), 'its header ends early'],
    [qcow2Header().subarray(0, 103), 'its header ends early'],
    [qcow2Header({ version: 1 }), 'it is version 1 of its format; versions 2 and 3 are known'],
    [qcow2Header({ version: 4 }), 'it is version 4 of its format; versions 2 and 3 are known'],
    [qcow2Header({ crypt: 1 }), 'it is encrypted'],
    [qcow2Header({ version: 2, crypt: 2 }), 'it is encrypted'],
    [qcow2Header({ features: 4n }), 'it keeps its data in another file'],
    [qcow2Header({ features: 2n }), 'it is marked as corrupt; see `qemu-img check`'],
  ])('judges a header: %#', (head, problem) => {
    expect(findQcow2Problem(head)).toBe(problem);
  });
});

describe('findSparseVmdkProblem', () => {
  it.each([
    [vmdkHeader(), undefined],
    [vmdkHeader({ version: 3, text: '' }), undefined],
    [Buffer.from('raw bytes'), 'it does not begin as a VMDK does'],
    [vmdkHeader().subarray(0, 511), 'its header ends early'],
    [vmdkHeader({ version: 0 }), 'it is version 0 of its format'],
    [vmdkHeader({ capacity: 0n }), 'its header has no capacity'],
  ])('judges a header: %#', (head, problem) => {
    expect(findSparseVmdkProblem(head)).toBe(problem);
  });

  it.each(['parentFileNameHint="/etc/shadow"', 'x\nparentCID=0000abcd'])(
    'refuses one that rests on another: %j',
    (text) => {
      expect(findSparseVmdkProblem(vmdkHeader({ text }))).toMatch(/^it rests on another VMDK/);
    },
  );
});

describe('findParent', () => {
  it('takes the number that says there is none, in either case', () => {
    expect(findParent('parentCID=ffffffff\n')).toBeUndefined();
    expect(findParent('parentCID = FFFFFFFF\r\n')).toBeUndefined();
    expect(findParent('')).toBeUndefined();
  });
});
