/** Random layers of few names, so that their entries often meet: for comparing with other tools. */
import fc from 'fast-check';

/** An entry, in the form that the tests' tar writer takes. */
export interface ArbitraryEntry {
  readonly name: string;
  readonly type?: 'directory' | 'symlink' | 'link';
  readonly content?: string;
  readonly target?: string;
  readonly mode?: number;
}

const path = fc
  .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 })
  .map((names) => names.join('/'));

const target = fc.oneof(
  path,
  path.map((to) => `/${to}`),
  path.map((to) => `../${to}`),
  fc.constant('..'),
);

const entry: fc.Arbitrary<ArbitraryEntry> = fc.oneof<fc.WeightedArbitrary<ArbitraryEntry>[]>(
  {
    weight: 4,
    arbitrary: fc.record({
      name: path,
      content: fc.constantFrom('x', 'yy'),
      mode: fc.constantFrom(0o644, 0o4755),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      name: path,
      type: fc.constant('directory' as const),
      mode: fc.constantFrom(0o755, 0o700),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ name: path, type: fc.constant('symlink' as const), target }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ name: path, type: fc.constant('link' as const), target: path }),
  },
  { weight: 2, arbitrary: path.map((of) => ({ name: of.replace(/[^/]+$/, '.wh.$&') })) },
  { weight: 1, arbitrary: path.map((of) => ({ name: `${of}/.wh..wh..opq` })) },
);

/** One to three layers, the lowest first. */
export const arbitraryLayers: fc.Arbitrary<ArbitraryEntry[][]> = fc.array(
  fc.array(entry, { minLength: 1, maxLength: 6 }),
  { minLength: 1, maxLength: 3 },
);
