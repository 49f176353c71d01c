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

  it.each(['\0', '\n', '\r', ' '])('reads any number of %j at once', (character) => {
    // In time that grows with its square, this would take hours.
    const reading = readVmdkDescriptor(`${begin}${character.repeat(1_000_000)}x`);
    expect(reading).toHaveProperty('problem');
  });

  it('sees the disk that it rests on, whatever is before its name', () => {
    const text = `# Disk DescriptorFile\n\n \t\r\n  parentCID = 0123abcd\nRW 8 FLAT "a" 0\n`;
    expect(readVmdkDescriptor(text)).toMatchObject({
      problem: expect.stringContaining('another VMDK') as string,
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
    const read = (line: string) => readVmdkDescriptor(`${begin}${line}\n`);
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const name = pieces.join('');
        const line = `RW 8 FLAT "${name}" 0`;
        const reading = read(line);
        if (!name.includes('\n')) {
          const isPlain = /^[a. 0]+$/.test(name) && name !== '.' && name !== '..';
          if ('extents' in reading) expect(reading.extents).toEqual([{ name, isSparse: false }]);
          expect('extents' in reading).toBe(isPlain);
          return;
        }
        // With a new line in it the name may hold lines that are whole: each says what it says alone.
        const alone = line.split('\n').filter((each) => each.trim() !== '');
        const readings = alone.map(read);
        expect('extents' in reading).toBe(readings.every((each) => 'extents' in each));
        if (!('extents' in reading)) return;
        expect(reading.extents).toEqual(
          readings.flatMap((each) => ('extents' in each ? each.extents : [])),
        );
        for (const { name: each } of reading.extents) expect(each).toMatch(/^[a. 0RW8FLAT]+$/);
      }),
      { numRuns: 1000 },
    );
  });
});
