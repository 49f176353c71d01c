/** The procedures of files, bound to the in-memory host. */
import { implement } from '@orpc/server';
import { contract } from '../../../main/contract/contract.ts';
import { maxEditedBytes, maxListedFiles } from '../../../main/contract/files.ts';
import type { Operation } from '../../../main/contract/operation.ts';
import type { Sandbox } from '../../../main/contract/sandbox.ts';
import { aStage } from '../../testing/builders.ts';
import { failure } from './fake-failure.ts';
import { fakeDownload, fakeUpload, type FakeTransfer } from './fake-file-transfer.ts';
import { fakeRoot, type FakeNode } from './fake-file-tree.ts';
import { FakeFiles } from './fake-files.ts';
import type { FakeHost } from './fake-host.ts';
import type { FakeProgress } from './fake-operations.ts';

const os = implement(contract).files;
const decoder = new TextDecoder('utf-8', { fatal: true });
const encoder = new TextEncoder();
const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/** The part of the router that is about files. */
export function createFakeFilesRouter(host: FakeHost, find: (name: string) => Sandbox) {
  const known = new Map<string, FakeFiles>();
  const of = (name: string): FakeFiles => {
    const { id, state } = find(name);
    if (state !== 'running') {
      throw failure('sandbox/not-running', `The sandbox "${name}" is not running.`);
    }
    const files = known.get(id) ?? new FakeFiles(fakeRoot(host.sandboxes.size > 20));
    known.set(id, files);
    return files;
  };
  const read = (files: FakeFiles, path: string, node: FakeNode) => {
    if (node.children !== undefined) throw failure('file/wrong-kind', `${path} is a directory.`);
    if (node.entry.sizeBytes > maxEditedBytes) {
      throw failure('file/too-large', `${path} has ${String(node.entry.sizeBytes)} bytes.`);
    }
    try {
      const text = decoder.decode(node.content);
      return { text, version: files.version(node), entry: { name: nameOf(path), ...node.entry } };
    } catch {
      throw failure('file/not-text', `${path} has bytes that are no UTF-8.`);
    }
  };
  const transfer = (
    name: string,
    kind: 'upload' | 'download',
    totalBytes: number | undefined,
    move: (progress: FakeProgress) => FakeTransfer,
  ) => {
    const stage = aStage({
      ...{ key: 'files', label: 'Move files', state: 'active', bytesDone: 0 },
      ...(totalBytes === undefined ? {} : { bytesTotal: totalBytes }),
    });
    const work = { kind, subject: name, stages: [stage] } satisfies Partial<Operation>;
    const { operation, progress } = host.operations.begin(work);
    const id = host.nextId('session');
    host.transfers.set(id, move(progress));
    const session = { id, sandbox: name, command: ['tar'], tty: false, startedAtMs: Date.now() };
    return { session, operation };
  };

  return {
    list: os.list.handler(({ input }) => {
      const entries = of(input.name).list(input.path);
      return {
        entries: entries.slice(0, maxListedFiles),
        isTruncated: entries.length > maxListedFiles,
      };
    }),
    inspect: os.inspect.handler(({ input }) => {
      const node = of(input.name).find(input.path, false);
      return { name: nameOf(input.path), ...node.entry };
    }),
    read: os.read.handler(({ input }) => {
      const files = of(input.name);
      return read(files, input.path, files.find(input.path));
    }),
    write: os.write.handler(({ input }) => {
      const files = of(input.name);
      const { children, name } = files.place(input.path);
      const before = children.get(name);
      const isThere = before !== undefined && before.entry.change !== 'removed';
      if (isThere && files.version(before) !== input.version) {
        const message = `${input.path} is not what it was when it was read.`;
        throw failure(input.version === undefined ? 'file/exists' : 'file/changed', message);
      }
      if (!isThere && input.version !== undefined) {
        throw failure('file/changed', `${input.path} is gone.`);
      }
      const node = files.put(input.path, encoder.encode(input.text));
      return read(files, input.path, node);
    }),
    rename: os.rename.handler(({ input }) => {
      of(input.name).rename(input.path, input.to, input.replace);
    }),
    remove: os.remove.handler(({ input }) => {
      of(input.name).remove(input.path, input.recursive);
    }),
    makeDirectory: os.makeDirectory.handler(({ input }) => {
      const files = of(input.name);
      const { children, name } = files.place(input.path);
      if (children.has(name)) throw failure('file/exists', `${input.path} is there already.`);
      files.put(input.path, new Uint8Array(), { kind: 'directory', mode: 0o755 });
    }),
    setMode: os.setMode.handler(({ input }) => {
      of(input.name).change(input.path, input.recursive, (node) => {
        node.entry = { ...node.entry, mode: input.mode };
      });
    }),
    setOwner: os.setOwner.handler(({ input }) => {
      const [user = '', group] = input.owner.split(':');
      if (user === 'nobody-knows') throw failure('file/failed', `There is no user "${user}".`);
      of(input.name).change(input.path, input.recursive, (node) => {
        node.entry = {
          ...node.entry,
          ...(user === '' ? {} : { user }),
          ...(group === undefined ? {} : { group }),
        };
      });
    }),
    changes: os.changes.handler(({ input }) => ({
      files: of(input.name).changes(),
      isTruncated: false,
    })),
    download: os.download.handler(({ input }) => {
      const files = of(input.name);
      const nodes = new Map(
        input.paths.map((path) => [nameOf(path), files.find(path, input.follow)]),
      );
      return transfer(input.name, 'download', undefined, (progress) =>
        fakeDownload(nodes, progress),
      );
    }),
    upload: os.upload.handler(({ input }) => {
      const files = of(input.name);
      files.guard(input.path);
      return transfer(input.name, 'upload', input.totalBytes, (progress) =>
        fakeUpload(files, input.path, progress),
      );
    }),
  };
}
