/** The files that a sandbox of the in-memory host begins with. */
import type { FileChange, FileEntry } from '../../../main/contract/files.ts';
import { aFileEntry } from '../../testing/file-builders.ts';

/** A file of the in-memory host; `entry.name` is kept by its directory. */
export interface FakeNode {
  entry: Omit<FileEntry, 'name'>;
  content: Uint8Array<ArrayBuffer>;
  /** Of a directory. */
  readonly children: Map<string, FakeNode> | undefined;
}

const encoder = new TextEncoder();
const daysMs = 86_400_000;

/** A node of a kind; the size is that of the content. */
export function fakeNode(
  overrides: Partial<FileEntry>,
  content: Uint8Array<ArrayBuffer> = new Uint8Array(),
): FakeNode {
  const isDirectory = overrides.kind === 'directory';
  const { name: _kept, ...entry } = aFileEntry({
    ...(isDirectory ? {} : { sizeBytes: content.length }),
    modifiedAtMs: Date.now() - 40 * daysMs,
    ...overrides,
  });
  return { entry, content, children: isDirectory ? new Map<string, FakeNode>() : undefined };
}

function directory(
  children: Record<string, FakeNode>,
  overrides: Partial<FileEntry> = {},
): FakeNode {
  const node = fakeNode({ kind: 'directory', ...overrides });
  for (const [name, child] of Object.entries(children)) node.children?.set(name, child);
  return node;
}

const text = (content: string, overrides: Partial<FileEntry> = {}) =>
  fakeNode(overrides, encoder.encode(content));
const link = (target: string, leadsToDirectory = false) =>
  fakeNode({
    ...{ kind: 'symlink', target, sizeBytes: target.length },
    ...(leadsToDirectory ? { leadsToDirectory } : {}),
  });
const changed = (change: FileChange, agoMs = 120_000) => ({
  change,
  modifiedAtMs: Date.now() - agoMs,
});

const picture = `<svg xmlns="http://www.w3.org/2000/svg" width="240" height="160"><rect width="240" height="160" fill="#1065a8"/><circle cx="120" cy="80" r="48" fill="#f2f4f6"/></svg>\n`;

/** A small Debian; with `isLarge` one directory has six thousand files and another deep names. */
export function fakeRoot(isLarge: boolean): FakeNode {
  const etc = directory(
    {
      hosts: text('127.0.0.1\tlocalhost\n', changed('modified')),
      hostname: text('web-api\n', changed('modified')),
      'os-release': text('PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n'),
      passwd: text('root:x:0:0:root:/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\n'),
      shadow: text('root:*:19000:0:99999:7:::\n', { mode: 0o640, group: 'shadow', gid: 42 }),
      motd: text('', { change: 'removed' }),
      ssl: directory({ certs: directory({}) }),
      'sealed.conf': text('# Nobody may write to this.\nkey = value\n', { mode: 0o444 }),
    },
    { change: 'modified' },
  );
  const home = directory(
    {
      '.bashrc': text('alias ll="ls -l"\n'),
      '.profile': text('. ~/.bashrc\n'),
      'notes.txt': text('First line\nSecond line\n', changed('added')),
      'logo.svg': text(picture, changed('added', 3_600_000)),
      'data.bin': fakeNode(changed('added'), crypto.getRandomValues(new Uint8Array(48_000))),
      'huge.log': fakeNode({ ...changed('added'), sizeBytes: 3_221_225_472 }),
      'broken.img': text('', { ...changed('added') }),
      app: directory(
        {
          'server.py': text('print("hello")\n', { ...changed('added'), mode: 0o755 }),
          'größe & maß.txt': text('ü\n', changed('added')),
          static: directory({}, changed('added')),
        },
        changed('added'),
      ),
      current: link('app', true),
      lost: link('/nowhere/at/all'),
    },
    { mode: 0o700, change: 'modified' },
  );
  const many = Array.from({ length: isLarge ? 6_000 : 24 }, (_, index): [string, FakeNode] => {
    const modifiedAtMs = Date.now() - index * 47_000;
    return [`record-${String(index)}.json`, text(`{"id": ${String(index)}}\n`, { modifiedAtMs })];
  });
  return directory({
    bin: link('usr/bin', true),
    boot: directory({}),
    dev: directory({
      null: fakeNode({ kind: 'character-device', mode: 0o666 }),
      log: fakeNode({ kind: 'socket', mode: 0o666 }),
    }),
    etc,
    home: directory({}),
    mnt: directory({ 'read-only': directory({ 'here.txt': text('Look, do not touch.\n') }) }),
    root: home,
    srv: directory({ records: directory(Object.fromEntries(many)) }),
    tmp: directory({}, { mode: 0o1777 }),
    usr: directory({
      bin: directory({
        env: fakeNode({ mode: 0o755 }, crypto.getRandomValues(new Uint8Array(20_000))),
        passwd: fakeNode({ mode: 0o4755 }, crypto.getRandomValues(new Uint8Array(20_000))),
      }),
      lib: directory({}),
      share: directory({}),
    }),
    var: directory({
      www: directory({}, { user: 'www-data', group: 'www-data', uid: 33, gid: 33 }),
    }),
  });
}
