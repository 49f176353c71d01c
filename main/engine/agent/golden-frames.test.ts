import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FrameParser, serializeFrame, type Frame } from './frame-codec.ts';
import { parseGuestFrame, type GuestMessage } from './guest-messages.ts';
import { hostFrames, type HostMessage } from './host-messages.ts';

const path = join(import.meta.dirname, '../../../native-helpers/guest-agent/golden/frames.txt');

/** The golden file: blocks of `key value` lines. */
const golden = new Map(
  readFileSync(path, 'utf8')
    .split('\n\n')
    .map((block) => block.split('\n').filter((line) => line !== '' && !line.startsWith('#')))
    .filter((lines) => lines.length > 0)
    .map((lines) => {
      const values = Object.fromEntries(
        lines.map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]),
      ) as Record<'name' | 'type' | 'stream' | 'flags' | 'payload' | 'bytes', string>;
      return [values.name, values] as const;
    }),
);

const counted = Uint8Array.from({ length: 32 }, (_, index) => index);

const emptySetup = {
  hostname: 'box-1',
  hasScripts: false,
  volumes: [],
  patches: [],
  nowMs: 1_700_000_000_123,
  entropy: counted,
} as const;

/** `fec0::LAST` */
function siteAddress(last: number): Uint8Array {
  const address = new Uint8Array(16);
  address.set([0xfe, 0xc0]);
  address[15] = last;
  return address;
}

/** What each frame says. Together with the next table it names every frame of the file. */
const fromHost: Readonly<Record<string, HostMessage>> = {
  hello: { type: 'hello', minVersion: 1, maxVersion: 3, nonce: counted.subarray(0, 16) },
  setup: {
    type: 'setup',
    setup: {
      hostname: 'box-1',
      root: { kind: 'image', lowerSerial: 'root', upperSerial: 'upper' },
      shareTransport: 'virtiofs',
      seedSerial: 'seed',
      hasScripts: true,
      volumes: [
        { kind: 'share', target: '/data', share: 'v0', isFile: false, readOnly: true },
        { kind: 'tmpfs', target: '/data/tmp', sizeMiB: 64 },
      ],
      patches: [
        {
          kind: 'file',
          path: '/etc/a',
          source: 'patches/0',
          mode: 0o640,
          owner: 'ann:staff',
          replace: true,
        },
        { kind: 'symlink', path: '/etc/b', target: '../b', replace: false },
      ],
      nowMs: 1_700_000_000_123,
      entropy: counted,
    },
  },
  'setup-disk': {
    type: 'setup',
    setup: { ...emptySetup, root: { kind: 'disk', serial: 'root', partition: 3 } },
  },
  'setup-directory': {
    type: 'setup',
    setup: {
      ...emptySetup,
      root: { kind: 'directory', share: 'root' },
      shareTransport: '9p',
    },
  },
  'setup-network': {
    type: 'setup',
    setup: {
      ...emptySetup,
      root: { kind: 'disk', serial: 'root', partition: 3 },
      network: {
        mac: Uint8Array.of(2, 0, 0, 0, 0, 9),
        ipv4: {
          address: Uint8Array.of(10, 0, 2, 15),
          prefix: 24,
          gateway: Uint8Array.of(10, 0, 2, 2),
        },
        ipv6: { address: siteAddress(0x15), prefix: 64, gateway: siteAddress(2) },
        nameServers: ['10.0.2.3', 'fec0::3'],
      },
    },
  },
  clock: { type: 'clock', nowMs: 1_700_000_000_123, entropy: counted },
  identity: { type: 'identity', hostname: 'box-2' },
  freeze: { type: 'freeze' },
  thaw: { type: 'thaw' },
  hold: { type: 'hold' },
  shutdown: { type: 'shutdown' },
  listeners: { type: 'listeners' },
  stats: { type: 'stats' },
  processes: { type: 'processes', afterPid: 41 },
  'kernel-log': { type: 'kernel-log' },
  exec: {
    type: 'exec',
    stream: 7,
    command: ['sh', '-c', 'echo ä'],
    variables: ['PATH=/bin', 'EMPTY='],
    workdir: '/srv',
    user: 'ann:staff',
    tty: { rows: 24, columns: 80 },
  },
  attach: { type: 'attach', stream: 7 },
  detach: { type: 'detach', stream: 7 },
  close: { type: 'close', stream: 7 },
  stdin: { type: 'stdin', stream: 7, bytes: Uint8Array.of(0, 0x5a, 0xa5, 0xff) },
  'stdin-end': { type: 'stdin-end', stream: 7 },
  resize: { type: 'resize', stream: 7, rows: 50, columns: 132 },
  signal: { type: 'signal', stream: 7, signal: 15 },
  acknowledge: {
    type: 'acknowledge',
    stream: 0xffff_ffff,
    stdoutBytes: 70_000,
    stderrBytes: 5,
  },
  changes: { type: 'changes', stream: 9 },
  foreground: { type: 'foreground', stream: 7 },
  files: {
    type: 'files',
    stream: 9,
    request: {
      action: 'write',
      paths: ['/srv/ä b'],
      user: 'ann:staff',
      version: '1f-2.0-3.0',
      sizeBytes: 4_294_967_301,
      mode: 0o640,
      replace: true,
    },
  },
  'files-tar': {
    type: 'files',
    stream: 9,
    request: { action: 'tar', paths: ['/etc/hosts', '/srv'], contents: true, follow: true },
  },
};

const fromGuest: Readonly<Record<string, GuestMessage>> = {
  'hello-reply': {
    type: 'hello-reply',
    version: 1,
    nonce: counted.subarray(0, 16),
    bootId: new Uint8Array(16).fill(0xab),
    isSetUp: true,
    bootMs: 750,
    uptimeMs: 4_294_967_296,
  },
  done: { type: 'done', request: 'setup' },
  'done-freeze': { type: 'done', request: 'freeze' },
  'done-hold': { type: 'done', request: 'hold' },
  failed: {
    type: 'failed',
    request: 'setup',
    step: 'mount the image',
    errno: 19,
    message: 'No such device',
    patchIndex: undefined,
  },
  'failed-patch': {
    type: 'failed',
    request: 'setup',
    step: 'apply the patches',
    errno: 17,
    message: 'File exists',
    patchIndex: 2,
  },
  session: {
    type: 'session',
    stream: 7,
    session: {
      command: ['sh', '-l'],
      tty: true,
      startedAtMs: 1_700_000_000_123,
      exit: undefined,
      stdinBytes: 262_144,
    },
  },
  'session-ended': {
    type: 'session',
    stream: 8,
    session: {
      command: ['sleep'],
      tty: false,
      startedAtMs: 1_700_000_000_123,
      exit: { kind: 'signalled', signal: 9 },
      stdinBytes: 262_144,
    },
  },
  'sessions-end': { type: 'sessions-end' },
  'listeners-reply': {
    type: 'listeners-reply',
    listeners: [
      { protocol: 'tcp', address: Uint8Array.of(127, 0, 0, 1), port: 8080, command: 'node' },
      { protocol: 'udp', address: new Uint8Array(16), port: 5353 },
    ],
  },
  'stats-reply': {
    type: 'stats-reply',
    stats: {
      memoryTotalBytes: 536_870_912,
      memoryUsedBytes: 134_217_728,
      diskTotalBytes: 4_294_967_296,
      diskUsedBytes: 123_456_789,
      processes: 7,
    },
  },
  'stats-reply-unknown': { type: 'stats-reply', stats: {} },
  'processes-reply': {
    type: 'processes-reply',
    page: {
      processes: [
        {
          ...{ pid: 1, parentPid: 0, userId: 0, state: 'S' },
          ...{ residentBytes: 1_048_576, cpuMs: 1230, command: 'init' },
        },
        {
          ...{ pid: 42, parentPid: 1, userId: 1000, state: 'R' },
          ...{ residentBytes: 4096, cpuMs: 0, command: 'a) (b' },
        },
      ],
      isMore: true,
    },
  },
  'kernel-log-reply': {
    type: 'kernel-log-reply',
    page: { lines: [{ sinceBootUs: 5_140_900, text: 'skerry-agent: ready' }], isMore: false },
  },
  started: { type: 'started', stream: 7, startedAtMs: 1_700_000_000_123, size: undefined },
  'started-terminal': {
    type: 'started',
    stream: 7,
    startedAtMs: 1_700_000_000_123,
    size: { rows: 24, columns: 80 },
  },
  'start-failed': {
    type: 'start-failed',
    stream: 7,
    kind: 'not-executable',
    errno: 13,
    message: 'Permission denied',
  },
  attached: {
    type: 'attached',
    stream: 7,
    skippedBytes: 123_456_789_012,
    size: undefined,
    knownBytes: 0,
  },
  'attached-terminal': {
    type: 'attached',
    stream: 7,
    skippedBytes: 123_456_789_012,
    size: { rows: 24, columns: 80 },
    knownBytes: 1000,
  },
  gone: { type: 'gone', stream: 7 },
  stdout: { type: 'stdout', stream: 7, bytes: Buffer.from('hello\r\n') },
  stderr: { type: 'stderr', stream: 7, bytes: new Uint8Array() },
  'exit-code': { type: 'exit', stream: 7, status: { kind: 'exited', code: 3 } },
  'exit-signal': { type: 'exit', stream: 7, status: { kind: 'signalled', signal: 9 } },
  credit: { type: 'credit', stream: 7, stdinBytes: 32_768 },
  'foreground-reply': { type: 'foreground-reply', stream: 7, command: 'vim' },
  'foreground-shell': { type: 'foreground-reply', stream: 7, command: undefined },
  size: { type: 'size', stream: 7, size: { rows: 50, columns: 132 } },
};

function goldenOf(name: string): { readonly frame: Frame; readonly bytes: Buffer } {
  const values = golden.get(name);
  if (values === undefined) throw new Error(`There is no golden frame ${name}.`);
  return {
    bytes: Buffer.from(values.bytes, 'hex'),
    frame: {
      type: Number(values.type),
      flags: Number(values.flags),
      stream: Number(values.stream),
      payload: Buffer.from(values.payload, 'hex'),
    },
  };
}

/** Bytes of any class compare as hex. */
function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, each: unknown) => {
      if (each instanceof Uint8Array) return Buffer.from(each).toString('hex');
      const wasBuffer = each as { type?: unknown; data?: number[] } | null;
      if (typeof each === 'object' && wasBuffer?.type === 'Buffer') {
        return Buffer.from(wasBuffer.data ?? []).toString('hex');
      }
      return each;
    }),
  );
}

describe('the golden frames', () => {
  it('are those that the tables name', () => {
    expect([...golden.keys()].sort()).toEqual(
      [...Object.keys(fromHost), ...Object.keys(fromGuest)].sort(),
    );
  });

  it.each([...golden.keys()])('%s: frame and bytes are the same', (name) => {
    const { frame, bytes } = goldenOf(name);
    expect(Buffer.from(serializeFrame(frame)).toString('hex')).toBe(bytes.toString('hex'));
    expect(plain(new FrameParser().push(bytes))).toEqual(plain([frame]));
  });

  it.each(Object.entries(fromHost))('%s: the host writes it so', (name, message) => {
    expect(plain(hostFrames(message))).toEqual(plain([goldenOf(name).frame]));
  });

  it.each(Object.entries(fromGuest))('%s: the host reads it so', (name, message) => {
    expect(plain(parseGuestFrame(goldenOf(name).frame))).toEqual(plain(message));
  });
});
