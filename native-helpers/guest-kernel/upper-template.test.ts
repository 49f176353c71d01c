import { describe, expect, it } from 'vitest';
import { mke2fsArguments, parseRanges } from './upper-template.ts';

describe('parseRanges', () => {
  it('reads offsets and lengths', () => {
    expect(parseRanges('0 4096\n8192 12288\n')).toEqual([
      [0, 4096],
      [8192, 12288],
    ]);
    expect(parseRanges('')).toEqual([]);
  });

  it('refuses anything else', () => {
    expect(() => parseRanges('0 4096\nusage\n')).toThrow('"usage"');
  });
});

describe('mke2fsArguments', () => {
  it('leaves nothing to the configuration of the machine', () => {
    const args = mke2fsArguments('disk', { sizeMiB: 64, journalMiB: 16 });
    expect(args.join('\n')).toMatchInlineSnapshot(`
      "-q
      -F
      -t
      ext4
      -O
      none,has_journal,ext_attr,dir_index,filetype,extent,64bit,flex_bg,sparse_super,large_file,huge_file,dir_nlink,extra_isize,metadata_csum
      -b
      4096
      -I
      256
      -i
      16384
      -m
      0
      -J
      size=16
      -U
      5ce44a00-0000-4000-8000-000000000001
      -L
      upper
      -E
      hash_seed=5ce44a00-0000-4000-8000-000000000002,lazy_itable_init=0,lazy_journal_init=0,nodiscard,root_owner=0:0
      disk"
    `);
  });
});
