/** Valid configurations of every kind, for property tests. */
import * as fc from 'fast-check';
import type { Patch } from '../config/patch.ts';
import { sandboxConfigSchema, type SandboxConfig } from '../sandbox-config.ts';

/** Characters at which formats, shells and parsers have gone wrong. */
const awkward = fc.constantFrom(
  ...[
    '\n',
    '\r\n',
    '\t',
    '\\',
    '"',
    "'",
    '`',
    '$',
    '#',
    ': ',
    '- ',
    '[',
    '{',
    '@',
    '*',
    '&',
    '!',
    '%',
  ],
  ...[
    '|',
    '>',
    '~',
    '=',
    ',',
    '?',
    ' ',
    '\u0001',
    '\u007f',
    '\u0085',
    '\u2028',
    '\ufeff',
    'é',
    '😀',
  ],
  ...['yes', 'null', '1_000', '0x1f', '.inf', '2001-01-01', '1:30', '<<', '---', '...'],
);

/** Text that is hard to write down and can be: well-formed and without NUL. */
const text = fc
  .oneof(
    fc.array(fc.oneof(awkward, fc.string({ unit: 'grapheme', maxLength: 8 })), { maxLength: 6 }),
  )
  .map((parts) => parts.join('').replaceAll('\0', '').toWellFormed());

/** Text that may hold NUL, too. */
const content = fc.oneof(
  text,
  text.map((part) => `${part}\0@`),
);

const wordOf = (first: readonly string[], more: readonly string[], maxLength: number) =>
  fc
    .tuple(
      fc.constantFrom(...first),
      fc.string({ unit: fc.constantFrom(...more), maxLength: maxLength - 1 }),
    )
    .map(([start, rest]) => start + rest);

const letters = ['a', 'b', 'c', 'X', 'Y', 'Z', '0', '1', '9'];
const plainName = wordOf(letters, [...letters, '.', '_', '-'], 20);

const pathPart = text
  .map((part) => part.replaceAll('/', ''))
  .filter((part) => !['', '.', '..'].includes(part));
const guestPath = fc
  .array(pathPart, { minLength: 1, maxLength: 4 })
  .map((parts) => `/${parts.join('/')}`);

/** Of the host; a relative one is left out, for it means something else in each directory. */
const localPath = fc
  .tuple(fc.constantFrom('/', '~/'), fc.array(pathPart, { maxLength: 3 }))
  .map(([root, parts]) => root + parts.join('/'));

const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const owner = fc
  .tuple(wordOf(letters, [...letters, '.', '-'], 8), optional(wordOf(letters, letters, 8)))
  .map(([user, group]) => (group === undefined ? user : `${user}:${group}`));
const mode = fc.integer({ min: 0, max: 0o7777 }).map((bits) => bits.toString(8).padStart(4, '0'));

const patch: fc.Arbitrary<Patch> = fc.oneof(
  record({ kind: 'text' }, { path: guestPath, content, replace: fc.boolean() }, { mode, owner }),
  record({ kind: 'append' }, { path: guestPath, content }, {}),
  record(
    { kind: 'file' },
    { path: guestPath, source: localPath, replace: fc.boolean() },
    { mode, owner },
  ),
  record({ kind: 'dir' }, { path: guestPath, source: localPath, replace: fc.boolean() }, { owner }),
  record(
    { kind: 'symlink' },
    { path: guestPath, target: text.filter((target) => target !== ''), replace: fc.boolean() },
    {},
  ),
  record({ kind: 'mkdir' }, { path: guestPath }, { mode, owner }),
  record({ kind: 'remove' }, { path: guestPath }, {}),
) as fc.Arbitrary<Patch>;

function record(
  fixed: object,
  required: Record<string, fc.Arbitrary<unknown>>,
  others: Record<string, fc.Arbitrary<unknown>>,
) {
  const options = { requiredKeys: Object.keys(required) };
  return fc.record({ ...required, ...others }, options).map((fields) => ({ ...fixed, ...fields }));
}

const access = fc.constantFrom('ro', 'rw');
const volume = fc.oneof(
  record({}, { bind: localPath }, { access }),
  record({}, { named: plainName }, { access }),
  record({}, { tmpfs: record({}, {}, { sizeMiB: fc.integer({ min: 1, max: 1024 * 1024 }) }) }, {}),
);

const destination = fc.constantFrom(
  'example.com',
  '*.example.com',
  '10.0.0.0/8',
  '::1',
  '[::1]:443',
  'private',
);
const rule = record(
  {},
  { action: fc.constantFrom('allow', 'deny') },
  {
    direction: fc.constantFrom('egress', 'ingress', 'any'),
    destination: destination.filter((each) => !each.startsWith('[')),
    protocols: fc.uniqueArray(fc.constantFrom('tcp', 'udp', 'icmp'), { maxLength: 3 }),
    ports: fc.array(fc.constantFrom('443', '8000-8999'), { maxLength: 2 }),
  },
);
const port = fc
  .record({
    bind: fc.constantFrom('', '127.0.0.1:', '0.0.0.0:', '[::1]:'),
    host: fc.integer({ min: 1, max: 65_535 }),
    guest: fc.integer({ min: 1, max: 65_535 }),
    protocol: fc.constantFrom('', '/tcp', '/udp'),
  })
  .map(({ bind, host, guest, protocol }) => `${bind}${String(host)}:${String(guest)}${protocol}`);

const network = record(
  {},
  {},
  {
    policy: fc.constantFrom('none', 'public', 'allow-list', 'all'),
    allow: fc.array(destination, { maxLength: 3 }),
    deny: fc.array(destination, { maxLength: 3 }),
    ports: fc.uniqueArray(port, {
      maxLength: 3,
      selector: (each) => each.match(/\d+(?=:\d+(?:\/|$))/)?.[0],
    }),
    rules: fc.array(rule, { maxLength: 3 }),
    bandwidth: record({}, {}, { upload: fc.constantFrom(1, 0.5), download: fc.constantFrom(100) }),
  },
);

const rootOptions = record(
  {},
  {},
  {
    access,
    format: fc.constantFrom('raw', 'qcow2', 'vmdk'),
    partition: fc.integer({ min: 1, max: 128 }),
    fork: fc.boolean(),
    allowBackingFiles: fc.boolean(),
  },
);

const imageReference = fc.constantFrom(
  'alpine',
  'debian:bookworm',
  'ghcr.io/org/app:1',
  `localhost:5000/team/app@sha256:${'0a'.repeat(32)}`,
);
const source = fc.oneof(
  fc.record({ image: imageReference, root: fc.constant({}) }),
  fc.record({ image: localPath, root: rootOptions }),
);

const variableName = text
  .map((name) => name.replaceAll('=', ''))
  .filter((name) => name !== '' && name !== '__proto__');

const fields = record(
  {},
  { name: plainName },
  {
    cpus: fc.integer({ min: 1, max: 64 }),
    memoryMiB: fc.integer({ min: 128, max: 1024 * 1024 }),
    rootDiskMiB: fc.integer({ min: 64, max: 4 * 1024 * 1024 }),
    workdir: guestPath,
    shell: guestPath,
    user: owner,
    hostname: wordOf(letters, letters, 20),
    entrypoint: fc.array(text, { maxLength: 4 }),
    cmd: fc.array(text, { maxLength: 4 }),
    env: fc.dictionary(variableName, text, { maxKeys: 4, noNullPrototype: true }),
    volumes: fc.dictionary(guestPath, volume, { maxKeys: 4, noNullPrototype: true }),
    network,
    scripts: fc.dictionary(
      plainName.filter((name) => !/^[.-]/.test(name)),
      content,
      {
        ...{ maxKeys: 3, noNullPrototype: true },
      },
    ),
    patches: fc.array(patch, { maxLength: 4 }),
    labels: fc.dictionary(plainName, text, { maxKeys: 3, noNullPrototype: true }),
    pullPolicy: fc.constantFrom('always', 'if-missing', 'never'),
    suspendAfterIdleMinutes: fc.integer({ min: 1, max: 60 * 24 * 30 }),
  },
);

/** What a client may write: valid, with any of its fields left out. */
export const arbitraryConfigInput: fc.Arbitrary<Record<string, unknown>> = fc
  .tuple(fields, source)
  .map(([some, from]) => ({ ...some, ...from }));

/** Complete and normalised. */
export const arbitraryConfig: fc.Arbitrary<SandboxConfig> = arbitraryConfigInput.map((input) =>
  sandboxConfigSchema.parse(input),
);
