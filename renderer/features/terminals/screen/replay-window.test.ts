import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReplayWindow } from './replay-window.ts';

describe('ReplayWindow', () => {
  it('tells byte for byte what is a repetition, however it is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 12 }),
        fc.integer({ min: 0, max: 40 }),
        (before, after, replayBytes) => {
          const window = new ReplayWindow();
          const pieces: number[] = [];
          const receive = (length: number) => {
            for (const piece of window.receive(new Uint8Array(length))) pieces.push(piece.length);
          };
          before.forEach(receive);
          window.begin(replayBytes);
          after.forEach(receive);
          // What came before the window is drawn after it began, as on a slow screen.
          const start = before.reduce((sum, length) => sum + length, 0);
          let drawn = 0;
          for (const length of pieces) {
            const isRepetition = drawn >= start && drawn < start + replayBytes;
            if (length > 0) {
              expect(window.isDrawing).toBe(isRepetition);
              expect(
                drawn + length <= start + replayBytes ||
                  drawn >= start + replayBytes ||
                  drawn < start,
              ).toBe(true);
            }
            window.draw(length);
            drawn += length;
          }
        },
      ),
    );
  });

  it('is nothing before it began', () => {
    const window = new ReplayWindow();
    expect(window.isDrawing).toBe(false);
    window.receive(new Uint8Array(4));
    window.draw(4);
    expect(window.isDrawing).toBe(false);
  });
});
