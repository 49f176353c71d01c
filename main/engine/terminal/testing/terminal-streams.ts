/** Streams as programs send them to a terminal, and worse, for property tests. */
import fc from 'fast-check';

const text = fc.oneof(
  fc.string({ maxLength: 12 }).map((some) => some.replace(/\p{C}/gu, '')),
  fc.stringMatching(/^[a-z ]{1,30}$/),
  fc.constantFrom(
    ...[
      '漢字かな',
      '한글',
      '👩‍👩‍👧‍👦',
      '👍🏽',
      '🇩🇪🇫🇷',
      'e\u0301',
      'n\u0303o',
      '❤️',
      '1️⃣',
      'क्षि',
      'ﷺ',
      '─│┌',
    ],
  ),
);

const number = (max: number) => fc.integer({ min: 0, max });
const color = fc.oneof(
  fc.constantFrom('31', '97', '44', '103', '39', '49'),
  fc
    .tuple(fc.constantFrom(38, 48), number(255))
    .map(([kind, n]) => `${String(kind)};5;${String(n)}`),
  fc
    .tuple(fc.constantFrom(38, 48), number(255), number(255), number(255))
    .map(([kind, r, g, b]) => [kind, 2, r, g, b].join(';')),
  fc.constantFrom('58;5;9', '58:2::1:2:3', '59'),
);
const flag = fc.constantFrom(
  ...['0', '1', '2', '3', '4', '4:3', '4:5', '5', '7', '8', '9', '53'],
  ...['22', '23', '24', '25', '27', '28', '29', '55', ''],
);
const sgr = fc
  .array(fc.oneof(color, flag), { minLength: 1, maxLength: 4 })
  .map((codes) => `\x1b[${codes.join(';')}m`);

const move = fc
  .tuple(
    number(12),
    number(24),
    fc.constantFrom('H', 'f', 'A', 'B', 'C', 'D', 'G', 'd', 'E', 'F', 'I', 'Z'),
  )
  .map(
    ([a, b, final]) => `\x1b[${String(a)}${'Hf'.includes(final) ? `;${String(b)}` : ''}${final}`,
  );
const change = fc
  .tuple(number(9), fc.constantFrom('J', 'K', 'X', 'P', '@', 'L', 'M', 'S', 'T', 'b'))
  .map(([n, final]) => `\x1b[${String('JK'.includes(final) ? n % 3 : n)}${final}`);
const region = fc
  .tuple(number(10), number(10))
  .map(([top, bottom]) => `\x1b[${String(top)};${String(bottom)}r`);

const modes = fc
  .tuple(
    fc.constantFrom(
      ...['?1', '?6', '?9', '?25', '?45', '?66', '?1000', '?1002', '?1003', '?1004'],
      ...['?1006', '?1016', '?2004'],
    ),
    fc.constantFrom('h', 'l'),
  )
  .map(([mode, final]) => `\x1b[${mode}${final}`);

const other = fc.constantFrom(
  ...['\r\n', '\n', '\r', '\t', '\b', '\x1b7', '\x1bD', '\x1bM', '\x1bE', '\x1bH', '\x1b[3g'],
  ...['\x1b(0', '\x1b(B', '\x1b)0', '\x0e', '\x0f', '\x1b=', '\x1b>', '\x1b[!p', '\x1bc', '\x1b#8'],
  ...['\x1b[1 q', '\x1b[2 q', '\x1b[4 q', '\x1b[5 q', '\x1b]2;the title\x07', '\x1b]0;other\x1b\\'],
  ...[
    '\x1b]133;A\x07',
    '\x1b]133;D;1\x07',
    '\x1b]4;1;#123456\x07',
    '\x1b]11;?\x07',
    '\x1b[c',
    '\x1b[6n',
  ],
  ...['\x1bP$qm\x1b\\', '\x1b_private\x1b\\', '\x18', '\x1b[38;2;', '\u009b31m'],
);
const links = fc.constantFrom(
  ...['\x1b]8;;https://a.example/\x1b\\', '\x1b]8;id=x;https://b.example/?q=1\x07', '\x1b]8;;\x07'],
);
const restores = fc.constantFrom(
  ...['\x1b8', '\x1b[?1048h', '\x1b[?1049h', '\x1b[?1049l', '\x1b[?1047h', '\x1b[?47l'],
);

const pieces = (special: fc.Arbitrary<string>) =>
  fc.array(
    fc.oneof(
      { weight: 6, arbitrary: text },
      { weight: 3, arbitrary: sgr },
      { weight: 3, arbitrary: move },
      { weight: 3, arbitrary: change },
      { weight: 1, arbitrary: region },
      { weight: 2, arbitrary: modes },
      { weight: 3, arbitrary: other },
      { weight: 1, arbitrary: special },
      { weight: 2, arbitrary: fc.constant('\r\n') },
    ),
    { maxLength: 60 },
  );

/**
 * Pieces of a stream, each whole. Links do not meet restored cursors and the other screen:
 * xterm.js then keeps links that it does not show, or shows those that it has forgotten.
 */
const terminalPieces = fc.oneof(pieces(links), pieces(restores));

/** A stream, and where it is cut into two. */
export const cutStream = fc.tuple(terminalPieces, fc.nat()).map(([pieces, nat]) => {
  const bytes = Buffer.from(pieces.join(''));
  return { bytes, cut: bytes.length === 0 ? 0 : nat % (bytes.length + 1) };
});

/** Sizes that fill and wrap soon. */
export const smallSize = fc.record({
  rows: fc.integer({ min: 1, max: 9 }),
  columns: fc.integer({ min: 2, max: 20 }),
});
