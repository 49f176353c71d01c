import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAppError } from '../base/app-error.ts';
import { FrameParser, maxFramePayloadBytes, serializeFrame, type Frame } from './frame-codec.ts';
import { parseGuestFrame } from './guest-messages.ts';

const frameArbitrary: fc.Arbitrary<Frame> = fc.record({
  type: fc.integer({ min: 0, max: 255 }),
  flags: fc.integer({ min: 0, max: 65_535 }),
  stream: fc.integer({ min: 0, max: 0xffff_ffff }),
  payload: fc.uint8Array({ maxLength: 300 }),
});

function plain({ type, flags, stream, payload }: Frame): unknown {
  return [type, flags, stream, Buffer.from(payload).toString('hex')];
}

function parseInPieces(bytes: Uint8Array, sizes: readonly number[]): Frame[] {
  const parser = new FrameParser();
  const frames: Frame[] = [];
  for (let offset = 0, turn = 0; offset < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    frames.push(...parser.push(bytes.subarray(offset, offset + size)));
    offset += size;
  }
  return frames;
}

describe('FrameParser', () => {
  it('gives back what was serialized, however it is cut, with zeros in between', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(frameArbitrary, fc.nat({ max: 40 })), { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 20 }),
        (frames, sizes) => {
          const bytes = Buffer.concat(
            frames.flatMap(([frame, zeros]) => [new Uint8Array(zeros), serializeFrame(frame)]),
          );
          expect(parseInPieces(bytes, sizes).map(plain)).toEqual(
            frames.map(([frame]) => plain(frame)),
          );
        },
      ),
    );
  });

  it('takes the largest frame byte by byte', () => {
    const payload = new Uint8Array(maxFramePayloadBytes).fill(0x5a);
    const bytes = serializeFrame({ type: 1, flags: 0, stream: 2, payload });
    const [frame, ...others] = parseInPieces(bytes, [1]);
    expect(Buffer.from(frame?.payload ?? []).equals(payload)).toBe(true);
    expect(others).toEqual([]);
  });

  it('throws nothing but a protocol error, whatever the bytes', () => {
    const almost = fc
      .tuple(frameArbitrary, fc.nat(), fc.nat({ max: 255 }))
      .map(([frame, at, value]) => {
        const bytes = serializeFrame({ ...frame, flags: 0, type: 0x80 + (frame.type % 0x1a) });
        bytes[at % bytes.length] = value;
        return bytes;
      });
    fc.assert(
      fc.property(fc.array(fc.oneof(almost, fc.uint8Array())), (pieces) => {
        const parser = new FrameParser();
        try {
          for (const piece of pieces) parser.push(piece).map(parseGuestFrame);
        } catch (error) {
          expect(isAppError(error, 'agent/protocol')).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['a wrong magic', [0x5b], 'begin no frame'],
    ['a length beyond the limit', [0x5a, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0], '65537 bytes'],
    ['a wrong end mark', [0x5a, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 'without its end mark'],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => new FrameParser().push(Uint8Array.from(bytes))).toThrow(message);
  });
});

it('serializes no payload that the other side would refuse', () => {
  const payload = new Uint8Array(maxFramePayloadBytes + 1);
  expect(() => serializeFrame({ type: 1, flags: 0, stream: 0, payload })).toThrow(RangeError);
});
