/** The image that every state directory begins with. */
import { formatImageReference, parseImageReference } from '../contract/image-reference.ts';
import { isAppError } from './base/app-error.ts';
import type { Logger } from './base/logger.ts';
import { loadGuestAssets } from './host/guest-assets-folder.ts';
import type { ImageLibrary } from './image/image-library.ts';

/** Its name, as people write it. */
export const starterReference = 'skerry/starter';

/** A new state directory has the image at once; without guest assets it has to wait. */
export async function importStarter(
  library: ImageLibrary,
  cacheDir: string,
  logger: Logger,
): Promise<void> {
  if ((await library.get(starterReference)) !== undefined) return;
  try {
    const { starterImageDir } = await loadGuestAssets(cacheDir);
    await library.importLayout(starterImageDir, 'latest', starterReference);
  } catch (error) {
    if (!isAppError(error, 'vm/assets-missing')) throw error;
    logger.warn('There is no starter image.', { error: error.message });
  }
}

/** Full names of images that are not collected, because they would come back by themselves. */
export function namesToKeep(): ReadonlySet<string> {
  const parsed = parseImageReference(starterReference);
  return new Set(parsed.ok ? [formatImageReference(parsed.reference)] : []);
}
