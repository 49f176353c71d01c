/** Files of this machine as a tar stream (POSIX.1-2001 pax), never whole in memory. */
import { createTarPacker } from 'modern-tar';
import type { UploadItem } from './upload-items.ts';

const blockBytes = 512;

/** Of a file that is passed on at once. */
const pieceBytes = 64 * 1024;

/** The browser does not say what a file may do: what a new file gets. */
const modes = { file: 0o644, directory: 0o755 } as const;

/** How much of the files there is; headers and padding of the tar come on top of it. */
export function contentBytes(items: readonly UploadItem[]): number {
  return items.reduce((sum, { file }) => sum + (file?.size ?? 0), 0);
}

/** About the bytes that {@link packUpload} makes: headers and padding, without those of long names. */
export function tarBytes(items: readonly UploadItem[]): number {
  const padded = (size: number) => Math.ceil(size / blockBytes) * blockBytes;
  return items.reduce(
    (sum, { file }) => sum + blockBytes + padded(file?.size ?? 0),
    2 * blockBytes,
  );
}

/**
 * Reads the files one after the other, as fast as the stream is taken. One that cannot be read is
 * left out; one that breaks off in the middle is the end of it.
 */
export function packUpload(
  items: readonly UploadItem[],
  onLeftOut: (path: string) => void,
): ReadableStream<Uint8Array> {
  const { readable, controller } = createTarPacker();
  const pack = async () => {
    for (const { path, file } of items) {
      if (file === undefined) {
        const header = {
          name: `${path}/`,
          type: 'directory',
          size: 0,
          mode: modes.directory,
        } as const;
        await controller.add(header).close();
        continue;
      }
      const reader = file.stream().getReader();
      const first = await reader.read().catch(() => undefined);
      if (first === undefined) {
        onLeftOut(path);
        continue;
      }
      const body = controller.add({
        name: path,
        type: 'file',
        size: file.size,
        mode: modes.file,
        mtime: new Date(file.lastModified),
      });
      await copyFile({ file, path, reader, first }, body.getWriter());
    }
    controller.finalize();
  };
  pack().catch((error: unknown) => {
    controller.error(error);
  });
  return readable;
}

/** A file that can be read, as its first piece shows. */
interface BegunFile {
  readonly file: File;
  readonly path: string;
  readonly reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;
  readonly first: ReadableStreamReadResult<Uint8Array<ArrayBuffer>>;
}

/** Says which file it was where one cannot be read, or is not as long as it was any more. */
async function copyFile(
  { file, path, reader, first }: BegunFile,
  writer: WritableStreamDefaultWriter<Uint8Array>,
): Promise<void> {
  const read = () =>
    reader.read().catch((cause: unknown) => {
      throw new UnreadableFileError(path, { cause });
    });
  let bytesRead = 0;
  for (let next = first; !next.done; next = await read()) {
    bytesRead += next.value.length;
    if (bytesRead > file.size) break;
    // A browser gives megabytes at once: in pieces it is seen how they go.
    for (let at = 0; at < next.value.length; at += pieceBytes) {
      await writer.write(next.value.subarray(at, at + pieceBytes));
    }
  }
  if (bytesRead !== file.size) throw new UnreadableFileError(path);
  await writer.close();
}

/** A file of this machine is gone, has changed since it was chosen, or may not be read. */
export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError';
  readonly path: string;

  constructor(path: string, options?: ErrorOptions) {
    super(`"${path}" cannot be read.`, options);
    this.path = path;
  }
}
