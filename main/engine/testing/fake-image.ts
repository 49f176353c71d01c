/** Images of the engine in memory. */
import { createHash } from 'node:crypto';
import type { Image } from '../../contract/image.ts';
import { AppError } from '../base/app-error.ts';

/** Every image is one of its own. */
export function digestOf(reference: string): string {
  return `sha256:${createHash('sha256').update(reference).digest('hex')}`;
}

/** An image without layers. */
export function fakeImage(reference: string): Image {
  return {
    reference,
    digest: digestOf(reference),
    platform: 'linux/amd64',
    downloadBytes: 1024 * 1024,
    diskBytes: 2 * 1024 * 1024,
    layers: [],
    pulledAtMs: 0,
  };
}

/** What a pull of an image says that no registry has. */
export function imageNotFound(reference: string): AppError {
  return new AppError('image/not-found', `There is no image "${reference}".`);
}
