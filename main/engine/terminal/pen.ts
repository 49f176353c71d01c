/**
 * The attributes that characters are written with, as bytes that bring a terminal to them: SGR
 * (ECMA-48 8.3.117, with the colours and underlines that xterm added), DECSCA and OSC 8. Pure.
 */
import type { RawAttributes } from './xterm-core.ts';

const fgFlags = {
  ...{ inverse: 0x400_0000, bold: 0x800_0000, underline: 0x1000_0000, blink: 0x2000_0000 },
  ...{ invisible: 0x4000_0000, strikethrough: 0x8000_0000 },
} as const;
const bgFlags = {
  ...{ italic: 0x400_0000, dim: 0x800_0000, protected: 0x2000_0000, overline: 0x4000_0000 },
} as const;
const colorModeMask = 0x300_0000;
const palette16 = 0x100_0000;
const palette256 = 0x200_0000;
const colorMask = 0xff_ffff;
/** What an erased cell keeps of the attributes: the colour behind it. */
const backgroundMask = colorModeMask | colorMask;
/** Says that the extended attributes count; they are compared themselves. */
const hasExtended = 0x1000_0000;

/** Attributes in a form that can be compared and kept. */
export interface Pen {
  readonly fg: number;
  readonly bg: number;
  readonly underlineStyle: number;
  readonly underlineColor: number;
  readonly urlId: number;
}

/** What everything begins with. */
export const defaultPen: Pen = {
  ...{ fg: 0, bg: 0, underlineStyle: 0, underlineColor: -1, urlId: 0 },
};

/** The attributes of a cell. */
export function penOf(cell: RawAttributes): Pen {
  if ((cell.bg & hasExtended) !== 0) return penOfState(cell);
  // Stored as they are, computed with a sign.
  const fg = cell.fg >>> 0;
  const bg = cell.bg >>> 0;
  const underlineStyle = (fg & fgFlags.underline) === 0 ? 0 : 1;
  return { fg, bg, underlineStyle, underlineColor: -1, urlId: 0 };
}

/** Those that the next character gets: here a colour of underlines may wait for an underline. */
export function penOfState({ fg, bg, extended }: RawAttributes): Pen {
  const hasUnderlineColor = (extended.underlineColor & colorModeMask) !== 0;
  return {
    fg: fg >>> 0,
    bg: (bg & ~hasExtended) >>> 0,
    underlineStyle: (fg & fgFlags.underline) === 0 ? 0 : (extended._ext >>> 26) & 7 || 1,
    underlineColor: hasUnderlineColor ? extended.underlineColor : -1,
    // A cursor that is restored brings attributes back and leaves the link where it is, unseen.
    urlId: (bg & hasExtended) === 0 ? 0 : extended.urlId,
  };
}

/** What is seen of it: a colour of underlines only with one. */
export function shownPen(pen: Pen): Pen {
  return pen.underlineStyle === 0 ? { ...pen, underlineColor: -1 } : pen;
}

/** Those of an erased cell that has the background of this one. */
export function erasingPen(pen: Pen): Pen {
  return { ...defaultPen, bg: pen.bg & backgroundMask };
}

/** Whether an empty cell has nothing but a background, as erasing leaves it. */
export function isErased(pen: Pen): boolean {
  return pen.fg === 0 && (pen.bg & ~backgroundMask) === 0 && pen.urlId === 0;
}

/** Whether two pens write the same. */
export function isSamePen(a: Pen, b: Pen): boolean {
  return a.urlId === b.urlId && isSameStyle(a, b);
}

/** The same but for the link. */
export function isSameStyle(a: Pen, b: Pen): boolean {
  return (
    a.fg === b.fg &&
    a.bg === b.bg &&
    a.underlineStyle === b.underlineStyle &&
    a.underlineColor === b.underlineColor
  );
}

/** Sets everything but the link, whatever was set before. */
export function styleSequence(pen: Pen): string {
  const { fg, bg } = pen;
  const codes: (number | string)[] = [0];
  if ((fg & fgFlags.bold) !== 0) codes.push(1);
  if ((bg & bgFlags.dim) !== 0) codes.push(2);
  if ((bg & bgFlags.italic) !== 0) codes.push(3);
  if (pen.underlineStyle === 1) codes.push(4);
  else if (pen.underlineStyle > 1) codes.push(`4:${String(pen.underlineStyle)}`);
  if ((fg & fgFlags.blink) !== 0) codes.push(5);
  if ((fg & fgFlags.inverse) !== 0) codes.push(7);
  if ((fg & fgFlags.invisible) !== 0) codes.push(8);
  if ((fg & fgFlags.strikethrough) !== 0) codes.push(9);
  if ((bg & bgFlags.overline) !== 0) codes.push(53);
  codes.push(...colorCodes(fg, 30, 90, 38), ...colorCodes(bg, 40, 100, 48));
  if (pen.underlineColor !== -1) codes.push(underlineColorCode(pen.underlineColor));
  const protection = (bg & bgFlags.protected) === 0 ? '' : '\x1b[1"q';
  return `\x1b[${codes.join(';')}m${protection}`;
}

function colorCodes(bits: number, low: number, high: number, wide: number): number[] {
  const color = bits & colorMask;
  switch (bits & colorModeMask) {
    case 0:
      return [];
    case palette16:
      return [(color & 8) === 0 ? low + (color & 7) : high + (color & 7)];
    case palette256:
      return [wide, 5, color & 255];
    default:
      return [wide, 2, (color >> 16) & 255, (color >> 8) & 255, color & 255];
  }
}

function underlineColorCode(bits: number): string {
  const color = bits & colorMask;
  if ((bits & colorModeMask) !== colorModeMask) return `58:5:${String(color & 255)}`;
  const parts = [(color >> 16) & 255, (color >> 8) & 255, color & 255];
  return `58:2::${parts.join(':')}`;
}
