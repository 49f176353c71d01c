import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildCpio, type CpioEntry } from './cpio.ts';

/** Reads an archive as the format says, and nothing else of this module. */
function readCpio(
  archive: Uint8Array,
): { path: string; mode: number; data: Buffer; device: number[] }[] {
  const bytes = Buffer.from(archive);
  const found = [];
  for (let at = 0; ;) {
    expect(bytes.toString('latin1', at, at + 6)).toBe('070701');
    const field = (index: number): number =>
      parseInt(bytes.toString('latin1', at + 6 + index * 8, at + 14 + index * 8), 16);
    const nameEnd = at + 110 + field(11);
    const path = bytes.toString('utf8', at + 110, nameEnd - 1);
    expect(bytes[nameEnd - 1]).toBe(0);
    const dataAt = Math.ceil(nameEnd / 4) * 4;
    const dataEnd = dataAt + field(6);
    if (path === 'TRAILER!!!') {
      expect(dataEnd).toBe(bytes.length);
      return found;
    }
    const device = [field(9), field(10)];
    found.push({ path, mode: field(1), data: bytes.subarray(dataAt, dataEnd), device });
    at = Math.ceil(dataEnd / 4) * 4;
  }
}

const file = (path: string, data: Uint8Array = new Uint8Array()): CpioEntry => {
  return { type: 'file', path, mode: 0o755, data };
};

describe('buildCpio', () => {
  it('keeps names and content of any length', () => {
    const contents = fc.dictionary(
      fc.stringMatching(/^[a-zé-]{1,9}$/),
      fc.uint8Array({ maxLength: 9 }),
    );
    fc.assert(
      fc.property(contents, (tree) => {
        const entries = Object.entries(tree).map(([path, data]) => file(path, data));
        const read = readCpio(buildCpio(entries));
        expect(new Map(read.map(({ path, data }) => [path, new Uint8Array(data)]))).toEqual(
          new Map(Object.entries(tree)),
        );
      }),
    );
  });

  it('gives the same bytes whatever the order of the entries', () => {
    const entries = [
      file('b'),
      file('a/c'),
      { type: 'directory', path: 'a', mode: 0o755 } as const,
    ];
    expect(buildCpio(entries)).toEqual(buildCpio(entries.toReversed()));
    expect(readCpio(buildCpio(entries)).map(({ path }) => path)).toEqual(['a', 'a/c', 'b']);
  });

  it('writes types and modes', () => {
    const console = {
      type: 'character-device',
      path: 'c',
      mode: 0o600,
      major: 5,
      minor: 1,
    } as const;
    const archive = buildCpio([console, file('f'), { type: 'directory', path: 'd', mode: 0o711 }]);
    expect(readCpio(archive).map(({ mode }) => mode)).toEqual([0o020600, 0o040711, 0o100755]);
    expect(readCpio(archive)[0]).toMatchObject({ path: 'c', device: [5, 1] });
  });
});
