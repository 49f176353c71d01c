import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeTar, type TarEntry as WrittenEntry } from '../../testing/tar.ts';
import { LayerProblem } from '../layer-problem.ts';
import type { TarEntry } from './entry.ts';
import { TarReader } from './reader.ts';

interface Read {
  readonly entry: TarEntry;
  readonly content: string;
}

function read(tar: Buffer, pieceBytes = tar.length): Read[] {
  const found: Read[] = [];
  let entry: TarEntry | undefined;
  let content = Buffer.alloc(0);
  const reader = new TarReader({
    onEntry: (next) => {
      entry = next;
      content = Buffer.alloc(next.sizeBytes);
    },
    onContent: (bytes, offset) => {
      bytes.copy(content, offset);
    },
    onEntryEnd: () => {
      if (entry !== undefined) found.push({ entry, content: content.toString('latin1') });
    },
  });
  for (let at = 0; at < tar.length; at += pieceBytes) {
    // A piece of its own, wiped afterwards: the reader may keep no view of it.
    const piece = Buffer.from(tar.subarray(at, at + pieceBytes));
    reader.push(piece);
    piece.fill(0xee);
  }
  reader.finish();
  return found;
}

const corrupt = expect.objectContaining({ code: 'image/layer-corrupt' }) as Error;
const unsupported = expect.objectContaining({ code: 'image/unsupported' }) as Error;

const everything: readonly WrittenEntry[] = [
  { name: 'dir', type: 'directory', mode: 0o1777 },
  { name: 'dir/file', content: 'x'.repeat(1000), mode: 0o4755, uid: 1000, gid: 4_000_000_000 },
  { name: 'dir/empty' },
  { name: 'link', type: 'symlink', target: `/${'y'.repeat(300)}` },
  { name: 'hard', type: 'link', target: 'dir/file' },
  { name: 'null', type: 'character-device', device: { major: 1, minor: 3 } },
  { name: 'pipe', type: 'fifo', mtime: -1.5 },
  { name: 'long/'.repeat(60), type: 'directory', longNames: 'gnu' },
  { name: 'attributed', xattrs: { 'user.b': Uint8Array.of(0, 10, 61, 255), 'user.a': 'text' } },
  { name: 'last', content: 'y'.repeat(512) },
];

/** A header whose fields the test writes itself, its checksum made right. */
function rawHeader(fields: Readonly<Record<number, string>>, size = 0): Buffer {
  const block = Buffer.from(makeTar([{ name: 'raw' }]).subarray(0, 512));
  block.write(size.toString(8).padStart(11, '0'), 124);
  for (const [offset, text] of Object.entries(fields)) block.write(text, Number(offset), 'latin1');
  return withChecksum(block);
}

function withChecksum(block: Buffer): Buffer {
  block.fill(' ', 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

function padded(content: string): Buffer {
  const bytes = Buffer.alloc(Math.ceil(content.length / 512) * 512);
  bytes.write(content, 'latin1');
  return bytes;
}

const end = Buffer.alloc(1024);

describe('TarReader', () => {
  it('reads every kind of entry', () => {
    const [, file, , link, hard, device, pipe, long, attributed, last] = read(makeTar(everything));
    expect(file?.entry).toMatchObject({
      mode: 0o4755,
      uid: 1000,
      gid: 4_000_000_000,
      sizeBytes: 1000,
    });
    expect(file?.content).toBe('x'.repeat(1000));
    expect(link?.entry.linkPath).toBe(`/${'y'.repeat(300)}`);
    expect(hard?.entry).toMatchObject({ type: 'hardlink', linkPath: 'dir/file' });
    expect(device?.entry).toMatchObject({ type: 'character-device', major: 1, minor: 3 });
    expect(pipe?.entry).toMatchObject({ mtimeSeconds: -2, mtimeNanoseconds: 500_000_000 });
    expect(long?.entry.path).toBe('long/'.repeat(60));
    expect(attributed?.entry.xattrs).toEqual([
      { name: 'user.b', value: Buffer.of(0, 10, 61, 255) },
      { name: 'user.a', value: Buffer.from('text') },
    ]);
    expect(last?.content).toBe('y'.repeat(512));
  });

  it('reads the same whatever pieces the tar comes in', () => {
    const tar = makeTar(everything);
    const whole = read(tar);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), (pieceBytes) => {
        expect(read(tar, pieceBytes)).toEqual(whole);
      }),
      { numRuns: 40 },
    );
  });

  it('throws nothing but a LayerProblem, whatever the bytes', () => {
    const tar = makeTar(everything);
    const damage = fc.array(fc.tuple(fc.nat(tar.length - 1), fc.nat(255)), { maxLength: 12 });
    const attempt = (bytes: Buffer): void => {
      try {
        read(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(LayerProblem);
      }
    };
    fc.assert(
      fc.property(damage, fc.boolean(), (changes, fixChecksums) => {
        const damaged = Buffer.from(tar);
        for (const [at, value] of changes) {
          damaged[at] = value;
          // So that the damage is not caught by the checksum alone.
          const start = at - (at % 512);
          if (fixChecksums) withChecksum(damaged.subarray(start, start + 512));
        }
        attempt(damaged);
      }),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
        attempt(Buffer.from(bytes));
      }),
    );
  });

  it('says of every cut that the layer is cut off, or reads what is whole', () => {
    const tar = makeTar(everything);
    for (let length = 0; length < tar.length - 1024; length += 100) {
      if (length % 512 === 0) continue;
      expect(() => read(tar.subarray(0, length)), String(length)).toThrow(LayerProblem);
    }
    const header = makeTar([{ name: 'a', content: 'x', xattrs: { 'user.a': 'b' } }]);
    expect(() => read(header.subarray(0, 512))).toThrow(corrupt);
    expect(() => read(header.subarray(0, 1024))).toThrow(corrupt);
  });

  it('keeps names that are not UTF-8', () => {
    const tar = Buffer.concat([rawHeader({ 0: 'caf\xe9\0' }), end]);
    expect(read(tar)[0]?.entry.path).toBe('caf\xe9');
    const pax = makeTar([{ name: 'a', pax: { path: Buffer.from('caf\xe9', 'latin1') } }]);
    expect(read(pax)[0]?.entry.path).toBe('caf\xe9');
  });

  it('passes over global headers, and over a size where only a header belongs', () => {
    const global = Buffer.concat([rawHeader({ 156: 'g' }, 19), padded('19 path=everywhere\n')]);
    const directory = rawHeader({ 156: '5' }, 512);
    const [first, second] = read(Buffer.concat([global, directory, makeTar([{ name: 'next' }])]));
    expect(first?.entry).toMatchObject({ path: 'raw', type: 'directory', sizeBytes: 0 });
    expect(second?.entry.path).toBe('next');
  });

  it('refuses types that it does not know, by name', () => {
    expect(() => read(Buffer.concat([rawHeader({ 156: 'M' }), end]))).toThrow(unsupported);
    expect(() => read(Buffer.concat([rawHeader({ 156: 'M' }), end]))).toThrow(/"raw"/);
  });

  it.each([
    ['uid', { uid: '4294967295' }],
    ['size', { size: '-1' }],
    ['size beyond every disk', { size: '9007199254740991' }],
    ['time', { mtime: 'yesterday' }],
  ])('refuses a bad %s', (_what, pax) => {
    expect(() => read(makeTar([{ name: 'a', pax }]))).toThrow(corrupt);
  });

  it('refuses attributes of more than 64 KiB, and extended headers of more than 1 MiB', () => {
    const xattrs = { 'user.a': Buffer.alloc(65_536) };
    expect(() => read(makeTar([{ name: 'a', xattrs }]))).toThrow(corrupt);
    expect(() => read(makeTar([{ name: 'a', pax: { comment: Buffer.alloc(2 ** 20) } }]))).toThrow(
      corrupt,
    );
  });

  it('reads numbers in base 256, negative ones too', () => {
    const [found] = read(makeTar([{ name: 'a', mtime: -100 }]));
    expect(found?.entry.mtimeSeconds).toBe(-100);
  });
});

describe('sparse files', () => {
  const octal = (value: number): string => `${value.toString(8).padStart(11, '0')}\0`;
  const region = (offset: number, length: number): string => octal(offset) + octal(length);
  const hole = (length: number): string => '\0'.repeat(length);

  it('reads the old GNU form, its map going on in further blocks', () => {
    const header = rawHeader(
      {
        156: 'S',
        257: 'ustar  \0',
        386: region(0, 1) + region(10, 1) + region(20, 1) + region(30, 1),
        482: '\x01',
        483: octal(50),
      },
      6,
    );
    const more = padded(region(40, 2));
    const [found] = read(Buffer.concat([header, more, padded('abcdef'), end]));
    expect(found?.content).toBe(
      ['a', hole(9), 'b', hole(9), 'c', hole(9), 'd', hole(9), 'ef', hole(8)].join(''),
    );
  });

  it('reads form 0.1, whose map is in the header', () => {
    const pax = {
      'GNU.sparse.major': '0',
      'GNU.sparse.minor': '1',
      'GNU.sparse.name': 'real-name',
      'GNU.sparse.size': '20',
      'GNU.sparse.map': '5,2,18,2',
    };
    const [found] = read(makeTar([{ name: 'GNUSparseFile.1/real-name', content: 'abcd', pax }]));
    expect(found?.entry.path).toBe('real-name');
    expect(found?.content).toBe(`${hole(5)}ab${hole(11)}cd`);
  });

  it('reads form 1.0, whose map precedes the data', () => {
    const pax = {
      'GNU.sparse.major': '1',
      'GNU.sparse.minor': '0',
      'GNU.sparse.name': 'real-name',
      'GNU.sparse.realsize': '10',
    };
    const content = `${padded('1\n4\n2\n').toString('latin1')}ab`;
    const [found] = read(makeTar([{ name: 'x', content, pax }]));
    expect(found?.content).toBe(`${hole(4)}ab${hole(4)}`);
  });

  it('refuses what would come out wrong, by name', () => {
    const sparse = (change: Record<string, string>, content = 'ab'): Buffer =>
      makeTar([
        {
          name: 'holed',
          content,
          pax: { 'GNU.sparse.size': '10', 'GNU.sparse.map': '4,2', ...change },
        },
      ]);
    expect(read(sparse({}))[0]?.content).toBe(`${hole(4)}ab${hole(4)}`);
    for (const tar of [
      sparse({ 'GNU.sparse.map': '4,3' }),
      sparse({ 'GNU.sparse.map': '9,2' }),
      sparse({ 'GNU.sparse.map': '4,1,3,1' }),
      sparse({ 'GNU.sparse.map': '' }),
      sparse({ 'GNU.sparse.map': '4' }),
      sparse({ 'GNU.sparse.size': '99999999999999' }),
    ]) {
      expect(() => read(tar)).toThrow(corrupt);
    }
    expect(() => read(sparse({ 'GNU.sparse.major': '2', 'GNU.sparse.minor': '0' }))).toThrow(
      unsupported,
    );
    expect(() => read(sparse({ 'GNU.sparse.major': '2', 'GNU.sparse.minor': '0' }))).toThrow(
      /"holed"/,
    );
  });
});
