import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MirrorWrites, type WriteBatch } from './mirror-writes.ts';

function textsOf({ bytes, lengths }: WriteBatch): string[] {
  const texts: string[] = [];
  let offset = 0;
  for (const length of lengths) {
    texts.push(Buffer.from(bytes.subarray(offset, offset + length)).toString());
    offset += length;
  }
  expect(offset).toBe(bytes.length);
  return texts;
}

describe('MirrorWrites', () => {
  it('sends a piece at once, and gathers what comes while the thread has enough to do', () => {
    const sent: string[][] = [];
    const writes = new MirrorWrites((batch) => sent.push(textsOf(batch)));
    for (const piece of ['a', 'bb', 'c', 'dd']) writes.write(Buffer.from(piece));
    expect(sent).toEqual([['a'], ['bb']]);
    writes.parsed(1);
    expect(sent.at(-1)).toEqual(['c', 'dd']);
    writes.write(Buffer.from('e'));
    expect(sent).toHaveLength(3);
    writes.flush();
    expect(sent.at(-1)).toEqual(['e']);
  });

  it('does not hand over what a piece was cut out of', () => {
    const whole = Buffer.from('before piece after');
    const sent: WriteBatch[] = [];
    new MirrorWrites((batch) => sent.push(batch)).write(whole.subarray(7, 12));
    expect(sent.map(({ bytes }) => bytes.buffer.byteLength)).toEqual([5]);
  });

  it('sends every piece as it came, in order, once all before it is parsed', () => {
    const step = fc.oneof(
      fc.record({ piece: fc.string({ minLength: 1, maxLength: 8 }) }),
      fc.record({ parse: fc.nat({ max: 20 }) }),
      fc.constant({ flush: true }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const arrived: string[] = [];
        const pieces: string[] = [];
        let aheadBytes = 0;
        const writes = new MirrorWrites((batch) => {
          arrived.push(...textsOf(batch));
          aheadBytes += batch.bytes.length;
        });
        const parse = (byteCount: number): void => {
          aheadBytes -= byteCount;
          writes.parsed(byteCount);
        };
        for (const each of steps) {
          if ('piece' in each) {
            pieces.push(each.piece);
            writes.write(Buffer.from(each.piece));
          } else if ('flush' in each) {
            writes.flush();
          } else {
            parse(Math.min(each.parse, aheadBytes));
          }
        }
        while (aheadBytes > 0) parse(aheadBytes);
        expect(arrived).toEqual(pieces);
      }),
    );
  });
});
