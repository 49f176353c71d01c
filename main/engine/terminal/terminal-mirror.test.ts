import graphemes from '@xterm/addon-unicode-graphemes';
import xterm, { type Terminal } from '@xterm/headless';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guardEraseAbove } from './erase-above.ts';
import { TerminalMirror, type TerminalSize, type TerminalSnapshot } from './terminal-mirror.ts';
import { stateOf } from './testing/terminal-state.ts';
import { cutStream, smallSize } from './testing/terminal-streams.ts';
import { WholeCharacters } from './whole-characters.ts';
import { coreOf } from './xterm-core.ts';

const deaf = { onAnswer: () => undefined, onTitle: () => undefined };

/** A terminal as a window has it: the same library, told nothing but bytes. */
function aScreen({ rows, columns }: TerminalSize, ...pieces: Uint8Array[]): Terminal {
  const terminal = new xterm.Terminal({
    ...{ rows, cols: columns, scrollback: 10_000, allowProposedApi: true, logLevel: 'off' },
  });
  terminal.loadAddon(new graphemes.UnicodeGraphemesAddon() as never);
  guardEraseAbove(terminal);
  const characters = new WholeCharacters();
  for (const piece of pieces) {
    coreOf(terminal)._inputHandler.parse(characters.push(piece));
  }
  return terminal;
}

function aMirror(size: TerminalSize, ...pieces: (string | Uint8Array)[]): TerminalMirror {
  const mirror = new TerminalMirror(size, deaf);
  for (const piece of pieces) mirror.write(Buffer.from(piece));
  return mirror;
}

function screenOf(snapshot: TerminalSnapshot, ...more: Uint8Array[]): Terminal {
  return aScreen(snapshot, snapshot.bytes, ...more);
}

describe('a snapshot', () => {
  it('brings an empty terminal to where the mirror is', () => {
    fc.assert(
      fc.property(smallSize, cutStream, (size, { bytes, cut }) => {
        const mirror = aMirror(size, bytes.subarray(0, cut), bytes.subarray(cut));
        const screen = aScreen(size, bytes);
        // Behind the last column, where that was erased, only a space can put a cursor.
        const how = { emptyIsSpace: screen.buffer.active.cursorX === size.columns };
        expect(stateOf(screenOf(mirror.snapshot()), how)).toEqual(stateOf(screen, how));
      }),
      { numRuns: Number(process.env['RUNS'] ?? 500) },
    );
  });

  it('goes on as if the screen had been there from the beginning', () => {
    fc.assert(
      fc.property(smallSize, cutStream, (size, { bytes, cut }) => {
        const mirror = aMirror(size, bytes.subarray(0, cut));
        const late = screenOf(mirror.snapshot(), bytes.subarray(cut));
        const asTheyLook = { emptyIsSpace: true };
        expect(stateOf(late, asTheyLook)).toEqual(stateOf(aScreen(size, bytes), asTheyLook));
      }),
      { numRuns: Number(process.env['RUNS'] ?? 500) },
    );
  });
});
