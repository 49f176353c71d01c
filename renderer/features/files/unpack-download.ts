/** One file out of the tar stream in which the sandbox sends it. */
import { createTarDecoder } from 'modern-tar';

/** The archive is not what was asked for. */
class UnexpectedArchiveError extends Error {
  override readonly name = 'UnexpectedArchiveError';
}

/**
 * The bytes of the one file, as they come. Fails where the archive has no file or is cut off; what
 * else is in it is left unread.
 */
export async function unpackFile(
  tar: ReadableStream<Uint8Array>,
  sink: WritableStream<Uint8Array>,
): Promise<void> {
  const entries = tar.pipeThrough(createTarDecoder({ strict: true })).getReader();
  let isFound = false;
  try {
    for (let next = await entries.read(); !next.done; next = await entries.read()) {
      const { header, body } = next.value;
      if (isFound || header.type !== 'file') {
        await body.cancel();
        continue;
      }
      isFound = true;
      await body.pipeTo(sink, { preventClose: true });
    }
    if (!isFound) throw new UnexpectedArchiveError('The archive of the sandbox has no file in it.');
  } catch (error) {
    await entries.cancel(error).catch(() => undefined);
    throw error;
  }
}
