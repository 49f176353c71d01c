import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readVmdkDescriptor } from './vmdk-descriptor.ts';

const begin = '# Disk DescriptorFile\nversion=1\nCID=fffffffe\nparentCID=ffffffff\n';

describe('readVmdkDescriptor', () => {
  it('lists the files with the data', () => {
    const text = [
      begin + 'createType="twoGbMaxExtentSparse"',
      '',
      '# Extent description',
      'RW 4192256 SPARSE "disk-s001.vmdk"',
      'RW 8 FLAT "disk f.raw" 0\r',
      'RW 8 VMFS "disk-flat.vmdk"',
      'RW 63 ZERO',
      '  ddb.adapterType = "ide"',
      'encoding="UTF-8"',
    ];
    expect(readVmdkDescriptor(`${text.join('\n')}\n\0\0\0`)).toEqual({
      extents: [
        { name: 'disk-s001.vmdk', isSparse: true },
        { name: 'disk f.raw', isSparse: false },
        { name: 'disk-flat.vmdk', isSparse: false },
      ],
    });
  });

  it.each([
    ['/etc/shadow'],
    ['../disk.raw'],
    ['sub/disk.raw'],
    ['nbd:host:1'],
    ['json:{}'],
    ['..'],
    [''],
    ['a\x01b'],
    ['a'.repeat(256)],
  ])('refuses a file that is not beside it: %j', (name) => {
    const reading = readVmdkDescriptor(`${begin}RW 8 FLAT "${name}" 0\n`);
    expect(reading).toEqual({
      problem: `line 5 of its text names ${JSON.stringify(name)}, which is not a file beside it`,
    });
  });

  it.each([
    ['another kind of extent', 'RW 8 SESPARSE "a"'],
    ['a file that is not written', 'RDONLY 8 FLAT "a" 0'],
    ['more than one space', 'RW  8 FLAT "a" 0'],
    ['a tab, which QEMU takes for a space', 'RW\t8 FLAT "/etc/shadow" 0'],
    ['something behind it', 'RW 8 FLAT "a" 0 "b"'],
    ['a return in the line, which QEMU takes for its end', 'a=b\rRW 8 FLAT "/etc/shadow" 0'],
    ['no words that are known', 'hello'],
  ])('refuses a line with %s', (_what, line) => {
    const reading = readVmdkDescriptor(`${begin}RW 8 FLAT "ok" 0\n${line}\n`);
    expect(reading).toEqual({ problem: 'line 6 of its text is not one that is known' });
  });

  it.each([
    [
      'a parent',
      `${begin}parentFileNameHint="/etc/shadow"\nRW 8 FLAT "a" 0\n`,
      'it rests on another',
    ],
    ['binary data', `${begin}\0RW 8 FLAT "a" 0\n`, 'its text holds binary data'],
    ['no files', begin, 'it names no file with its data'],
    ['too many', begin + 'RW 8 FLAT "a" 0\n'.repeat(4097), 'it names more than 4096 files'],
  ])('refuses one with %s', (_what, text, problem) => {
    expect(readVmdkDescriptor(text)).toEqual({
      problem: expect.stringContaining(problem) as string,
    });
  });

  it('names nothing but plain files, whatever the name', () => {
    const piece = fc.constantFrom(
      'a',
      '.',
      '/',
      ':',
      '"',
      '\r',
      '\n',
      '\t',
      ' ',
      'RW 8 FLAT "',
      '0',
    );
    const isPlain = (name: string) =>
      /^[a. 0RW8FLAT]+$/.test(name) && name !== '.' && name !== '..';
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const name = pieces.join('');
        const reading = readVmdkDescriptor(`${begin}RW 8 FLAT "${name}" 0\n`);
        const names = 'extents' in reading ? reading.extents.map((extent) => extent.name) : [];
        for (const each of names) expect(isPlain(each)).toBe(true);
        // A quotation mark ends the name: what comes after it may be another line.
        if (!name.includes('"')) expect(names).toEqual(isPlain(name) ? [name] : []);
      }),
      { numRuns: 1000 },
    );
  });
});
