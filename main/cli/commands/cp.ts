/** `skerry cp`: files between this machine and a sandbox. */
import { mkdir, stat, lstat } from 'node:fs/promises';
import path from 'node:path';
import type { HostClient } from '../../server/client/host-client.ts';
import { toClientError } from '../../server/client/client-error.ts';
import { withHost } from '../connect.ts';
import { parseCopy, type Copy, type GuestEnd, type LocalEnd } from '../copy/copy-ends.ts';
import { measureTree, packTree, type PackedTree } from '../copy/pack-tree.ts';
import { placeCopy, type FoundEnd, type Kind } from '../copy/place-copy.ts';
import { runTransfer, type TransferWork } from '../copy/run-transfer.ts';
import { unpackTree } from '../copy/unpack-tree.ts';
import { UsageError } from '../exit-code.ts';
import { printableLine } from '../format.ts';
import { Interrupts } from '../interrupts.ts';
import { write } from '../output.ts';
import { checkStdoutTakesBytes } from '../spool.ts';

/** Options of `cp`. */
export interface CpOptions {
  readonly archive?: boolean;
  readonly followLink?: boolean;
  readonly json?: boolean;
}

/**
 * Copies what the first operand names to where the second says. What cannot be read is left out and
 * said, and the rest is copied; the exit code is 1 then.
 */
export async function cp(source: string, target: string, options: CpOptions): Promise<number> {
  const copy = parseCopy(source, target);
  if (copy.to === 'here' && copy.target === 'stdout') checkStdoutTakesBytes();
  if (copy.to === 'sandbox' && copy.source === 'stdin' && process.stdin.isTTY) {
    throw new UsageError('An archive cannot be typed: redirect stdin.');
  }
  using interrupts = new Interrupts();
  const isWhole = await withHost((host) =>
    copy.to === 'sandbox'
      ? upload(host, copy, options, interrupts)
      : download(host, copy, options, interrupts),
  );
  return isWhole ? 0 : 1;
}

/** False where something that should be there was left out, as {@link download}. */
async function upload(
  host: HostClient,
  { source, target }: Extract<Copy, { to: 'sandbox' }>,
  { archive = false, followLink = false }: CpOptions,
  interrupts: Interrupts,
): Promise<boolean> {
  const name = target.sandbox;
  const { files } = host.procedures;
  if (source === 'stdin') {
    const request = { name, path: target.path, keepOwners: archive };
    const send = sendAll(process.stdin);
    return await runTransfer(host, await files.upload(request), interrupts, { send });
  }
  const from = await findLocal(source, followLink);
  if (from.kind === 'nothing') throw new UsageError(`There is no ${source.path}.`);
  const place = placeCopy(from, await findGuest(host, target, true));
  if (place.makes) await files.makeDirectory({ name, path: place.directory });
  const follow = followLink || source.isDirectory;
  const totalBytes = await measureTree(source.path, follow);
  const request = { name, path: place.directory, totalBytes, keepOwners: archive };
  let isWhole = true;
  const onUnreadable = (file: string, why: string): void => {
    isWhole = false;
    onLeftOut(file, why);
  };
  const tar = packTree({ path: source.path, name: place.name, follow, onLeftOut, onUnreadable });
  const send = sendAll(tar);
  const isTaken = await runTransfer(host, await files.upload(request), interrupts, { send });
  return isTaken && isWhole;
}

async function download(
  host: HostClient,
  { source, target }: Extract<Copy, { to: 'here' }>,
  { archive = false, followLink = false }: CpOptions,
  interrupts: Interrupts,
): Promise<boolean> {
  const name = source.sandbox;
  const follow = followLink || source.isDirectory;
  const begin = (contents: boolean): ReturnType<typeof host.procedures.files.download> =>
    host.procedures.files.download({ name, paths: [source.path], contents, follow });
  if (target === 'stdout') {
    const onBytes = (bytes: Uint8Array): Promise<void> => write(process.stdout, bytes);
    return await runTransfer(host, await begin(source.isContents), interrupts, { onBytes });
  }
  const from = await findGuest(host, source, follow);
  if (from.kind === 'nothing') {
    // The sandbox says why.
    await host.procedures.files.inspect({ name, path: source.path });
  }
  const place = placeCopy(from, await findLocal(target, true));
  const transfer = await begin(place.name === undefined);
  if (place.makes) await mkdir(place.directory);
  return await runTransfer(host, transfer, interrupts, unpackInto(place, archive));
}

function unpackInto(
  { directory, name }: { readonly directory: string; readonly name: string | undefined },
  keepOwners: boolean,
): TransferWork {
  const { stream, done } = unpackTree({ directory, name, keepOwners, onLeftOut });
  const put = (bytes: Uint8Array): Promise<void> =>
    Promise.race([
      // What ends the unpacking early is the reason, not that it takes no more.
      done.then(() => undefined),
      new Promise<void>((resolve) => {
        const isFull = !stream.write(bytes);
        if (isFull) stream.once('drain', resolve);
        else resolve();
      }),
    ]);
  let turn = Promise.resolve();
  return {
    onBytes: (bytes) => {
      turn = turn.then(() => put(bytes));
      return turn;
    },
    finish: async (isWhole) => {
      if (!isWhole) {
        stream.destroy(new Error('The sandbox did not send all of it.'));
        await done.catch(() => undefined);
        return;
      }
      stream.end(null);
      await done;
    },
  };
}

/** Sends a tar for as long as the sandbox takes it. */
function sendAll(tar: PackedTree | NodeJS.ReadStream): NonNullable<TransferWork['send']> {
  return async (client) => {
    const ended = new AbortController();
    const stop = (): void => {
      ended.abort();
      tar.destroy();
    };
    void client.exit.then(stop, stop);
    try {
      for await (const bytes of tar as AsyncIterable<Uint8Array>) await client.write(bytes);
      client.endInput();
    } catch (error) {
      // Why nobody takes any more, the operation says.
      if (!ended.signal.aborted) throw error;
    }
  };
}

async function findLocal(end: LocalEnd, follow: boolean): Promise<FoundEnd> {
  const looks = follow || end.isDirectory ? stat : lstat;
  const stats = await looks(end.path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (stats === undefined) {
    const parent = path.dirname(end.path);
    if (!(await stat(parent).catch(() => undefined))?.isDirectory()) {
      throw new UsageError(`There is no directory ${parent}.`);
    }
    return { ...end, kind: 'nothing' };
  }
  return { ...end, kind: stats.isDirectory() ? 'directory' : 'file' };
}

/** A link is what it leads to, where that counts: then it is a directory, or as a file. */
async function findGuest(host: HostClient, end: GuestEnd, follow: boolean): Promise<FoundEnd> {
  try {
    const { kind, leadsToDirectory } = await host.procedures.files.inspect({
      name: end.sandbox,
      path: end.path,
    });
    const isDirectory = kind === 'directory' || (follow && leadsToDirectory === true);
    const found: Kind = isDirectory ? 'directory' : 'file';
    return { ...end, kind: found };
  } catch (error) {
    if (toClientError(error).data.code !== 'file/not-found') throw error;
    return { ...end, kind: 'nothing' };
  }
}

function onLeftOut(file: string, why: string): void {
  process.stderr.write(`skerry: ${printableLine(file)}: left out: ${why}\n`);
}
