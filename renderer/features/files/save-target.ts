/** Where a download goes on this machine: a file that the user chooses, or the browser's downloads. */
import { BridgeError } from '../../bridge/bridge-error.ts';
import { formatBytes } from '../../ui/format.ts';
import { translate } from '../../words/language.ts';

/** What goes to the browser's downloads without a question; larger files are streamed where that can be. */
const maxUnaskedBytes = 64 * 1024 * 1024;
/** Most that is collected by the browser before it is saved, where it cannot be streamed. */
const maxCollectedBytes = 1024 * 1024 * 1024;
/** Chunks that are made one blob, which the browser may keep on its disk. */
const partBytes = 8 * 1024 * 1024;

/** The part of the File System Access API that not every browser has. */
interface SavePicker {
  showSaveFilePicker?(options: { readonly suggestedName: string }): Promise<{
    createWritable(): Promise<WritableStream<Uint8Array> & { close(): Promise<void> }>;
  }>;
}

/**
 * Opens the place. To be called from a click or key: else no browser asks. Nothing is there under
 * the name before the stream is closed. Undefined where the user thought better of it.
 * @param sizeBytes undefined where it is not known
 */
export async function openSaveTarget(
  fileName: string,
  sizeBytes: number | undefined,
): Promise<WritableStream<Uint8Array> | undefined> {
  const picker = globalThis as SavePicker;
  const isSmall = sizeBytes !== undefined && sizeBytes <= maxUnaskedBytes;
  if (isSmall || picker.showSaveFilePicker === undefined) return collectBlob(fileName);
  try {
    const chosen = await picker.showSaveFilePicker({ suggestedName: fileName });
    return await chosen.createWritable();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return undefined;
    // A desktop window may have the dialog and not the permission to write.
    return collectBlob(fileName);
  }
}

/** Collects everything, then hands it to the browser as a download. */
export function collectBlob(
  fileName: string,
  maxBytes = maxCollectedBytes,
  save: (fileName: string, blob: Blob) => void = saveBlob,
): WritableStream<Uint8Array> {
  let parts: Blob[] = [];
  let chunks: Uint8Array<ArrayBuffer>[] = [];
  let chunkBytes = 0;
  let bytes = 0;
  return new WritableStream<Uint8Array>({
    write: (chunk) => {
      bytes += chunk.length;
      if (bytes > maxBytes) {
        const message = translate('files:tooLargeToCollect', { size: formatBytes(maxBytes) });
        throw new BridgeError('file/not-saved', message);
      }
      // The chunk's buffer may be that of a whole frame.
      chunks.push(Uint8Array.from(chunk));
      chunkBytes += chunk.length;
      if (chunkBytes < partBytes) return;
      parts.push(new Blob(chunks));
      chunks = [];
      chunkBytes = 0;
    },
    close: () => {
      save(fileName, new Blob([...parts, ...chunks]));
    },
    abort: () => {
      parts = [];
      chunks = [];
    },
  });
}

function saveBlob(fileName: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  // The download has begun by then; to take the address away at once ends it in some browsers.
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, 60_000);
}
