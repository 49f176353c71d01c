/**
 * Text with colours: SELECT GRAPHIC RENDITION (ECMA-48, 8.3.117; colours beyond the sixteen by
 * ITU-T T.416, 13.1.8) read into spans. Colours become the sixteen names that the window has tokens
 * for, so that each can be read in both themes. Pure; what a guest sends is bounded.
 */

/** Spans of one line, at most; what follows has no colours. */
export const maxSpans = 256;

const names = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;

/** One of the colours that a terminal has a name for. */
export type SgrColour = (typeof names)[number];

/** Text that looks alike. */
export interface SgrSpan {
  readonly text: string;
  readonly colour?: SgrColour;
  readonly background?: SgrColour;
  readonly isBold?: true;
  readonly isDim?: true;
  readonly isItalic?: true;
  readonly isUnderlined?: true;
  readonly isStruck?: true;
}

type Style = { -readonly [Key in keyof Omit<SgrSpan, 'text'>]?: SgrSpan[Key] } & {
  isInverse?: true;
};

// eslint-disable-next-line no-control-regex -- what it looks for are control characters
const sequence = /\u001b\[([\d;:]*)m/g;

/** The text alone. */
export function stripSgr(line: string): string {
  return line.includes('\u001b') ? line.replaceAll(sequence, '') : line;
}

/** The spans of a line; no colour of the line before goes on in it. */
export function parseSgr(line: string): readonly SgrSpan[] {
  if (!line.includes('\u001b')) return line === '' ? [] : [{ text: line }];
  const spans: SgrSpan[] = [];
  let style: Style = {};
  let start = 0;
  for (const match of line.matchAll(sequence)) {
    if (match.index > start) spans.push(spanOf(line.slice(start, match.index), style));
    if (spans.length >= maxSpans - 1) {
      return [...spans, { text: stripSgr(line.slice(match.index)) }];
    }
    style = applySgr(style, match[1] ?? '');
    start = match.index + match[0].length;
  }
  if (start < line.length) spans.push(spanOf(line.slice(start), style));
  return spans;
}

function spanOf(text: string, { isInverse, ...style }: Style): SgrSpan {
  if (isInverse !== true) return { text, ...style };
  const { colour, background, ...rest } = style;
  return {
    ...{ text, ...rest, background: colour ?? 'white' },
    ...(background === undefined ? {} : { colour: background }),
  };
}

/** A style after the parameters of one sequence. */
function applySgr(before: Style, parameters: string): Style {
  let style: Style = { ...before };
  const all = parameters.split(';');
  for (let index = 0; index < all.length; index += 1) {
    const [code = 0, ...sub] = (all[index] ?? '').split(':').map(Number);
    if (code === 38 || code === 48) {
      // `38:2::R:G:B` keeps them together; `38;2;R;G;B` is what most programs send.
      const isJoined = sub.length > 0;
      const rest = isJoined ? sub : all.slice(index + 1).map(Number);
      const kind = rest[0];
      const at = isJoined && kind === 2 && rest.length > 4 ? 2 : 1;
      const colour = kind === 5 ? colourOfIndex(rest[1] ?? 0) : nearest(rest.slice(at, at + 3));
      if (kind === 5 || kind === 2) style[code === 38 ? 'colour' : 'background'] = colour;
      if (!isJoined) index += kind === 5 ? 2 : kind === 2 ? 4 : 0;
    } else style = applyCode(style, code);
  }
  return style;
}

function applyCode(style: Style, code: number): Style {
  const without = (...keys: readonly (keyof Style)[]): Style => {
    const rest = { ...style };
    for (const key of keys) Reflect.deleteProperty(rest, key);
    return rest;
  };
  const tens = Math.floor(code / 10);
  const colour = names[code % 10];
  if ((tens === 3 || tens === 9) && colour !== undefined) return { ...style, colour };
  if ((tens === 4 || tens === 10) && colour !== undefined) return { ...style, background: colour };
  switch (code) {
    case 0:
      return {};
    case 1:
      return { ...style, isBold: true };
    case 2:
      return { ...style, isDim: true };
    case 3:
      return { ...style, isItalic: true };
    case 4:
    case 21:
      return { ...style, isUnderlined: true };
    case 7:
      return { ...style, isInverse: true };
    case 9:
      return { ...style, isStruck: true };
    case 22:
      return without('isBold', 'isDim');
    case 23:
      return without('isItalic');
    case 24:
      return without('isUnderlined');
    case 27:
      return without('isInverse');
    case 29:
      return without('isStruck');
    case 39:
      return without('colour');
    case 49:
      return without('background');
    default:
      return style;
  }
}

/** Of the 256: sixteen by name, a cube of 6×6×6, a ramp of greys. */
function colourOfIndex(index: number): SgrColour {
  if (index < 16) return names[index % 8] ?? 'white';
  if (index >= 232) return nearest(Array.from({ length: 3 }, () => (index - 232) * 10 + 8));
  const cube = index - 16;
  const level = (value: number) => (value === 0 ? 0 : value * 40 + 55);
  return nearest([level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6)]);
}

/** The name whose hue is nearest; of what is nearly grey, black or white. */
function nearest([red = 0, green = 0, blue = 0]: readonly number[]): SgrColour {
  const most = Math.max(red, green, blue);
  const range = most - Math.min(red, green, blue);
  if (!(range > 40)) return most > 127 ? 'white' : 'black';
  const sixths =
    most === red
      ? ((green - blue) / range + 6) % 6
      : most === green
        ? (blue - red) / range + 2
        : (red - green) / range + 4;
  const hues = ['red', 'yellow', 'green', 'cyan', 'blue', 'magenta'] as const;
  return hues[Math.round(sixths) % 6] ?? 'white';
}
