import { createHash } from 'node:crypto';
import { cachedImage, describeCached, type CachedImage } from './cached-image.ts';
import { makeTar } from './tar.ts';
import { writeOciLayout } from './write-oci-layout.ts';

/** Raised when the recipe changes. */
const recipe = 'huge-layer-1';
const files = 24;
const fileBytes = 32 * 1024 * 1024;

/** An image with one layer of 768 MiB, half of which compresses; kept in the user's cache. */
export async function makeHugeLayerImage(): Promise<CachedImage> {
  return await cachedImage(recipe, async (dir) => {
    const tar = makeTar(
      Array.from({ length: files }, (_, index) => ({
        name: `file-${String(index)}`,
        content: content(index),
      })),
    );
    const image = await writeOciLayout(dir, [tar], { refName: 'huge', compression: 'gzip' });
    return describeCached(image, [tar]);
  });
}

/** The same bytes every time: blocks of digests, each followed by as many of one letter. */
function content(seed: number): Buffer {
  const bytes = Buffer.alloc(fileBytes, 'x');
  for (let at = 0; at < fileBytes; at += 64) {
    createHash('sha256')
      .update(`${String(seed)} ${String(at)}`)
      .digest()
      .copy(bytes, at);
  }
  return bytes;
}
