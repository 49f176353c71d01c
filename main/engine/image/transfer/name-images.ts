/** Which names the images of an archive get in the store. Pure. */
import { familiarImageReference, type ImageReference } from '../../../contract/image-reference.ts';
import { AppError } from '../../base/app-error.ts';
import { quote } from '../../oci/quote.ts';
import { archiveInvalid } from './archive-error.ts';
import { archiveLimits } from './archive-limits.ts';
import { readNames } from './archive-names.ts';

const maxListed = 20;

/**
 * The references of each image, in order: `as` for the only one, those of the archive otherwise.
 * @throws AppError `image/archive-invalid` for too many; `image/reference-invalid` where an image has no name, or `as` is for several
 */
export function nameImages(
  archive: string,
  images: readonly { readonly names: readonly string[]; readonly digest: string }[],
  as: ImageReference | undefined,
): ImageReference[][] {
  if (as !== undefined) {
    if (images.length === 1) return [[as]];
    const listed = images.map(({ names, digest }) => quote(names[0] ?? digest, 100));
    throw new AppError(
      'image/reference-invalid',
      `${quote(archive)} holds ${String(images.length)} images, which cannot all be ${quote(familiarImageReference(as))}: ${shorten(listed)}.`,
      { hint: 'Import it without another name.', details: { images: listed.slice(0, maxListed) } },
    );
  }
  const nameCount = images.reduce((sum, { names }) => sum + names.length, 0);
  if (nameCount > archiveLimits.names) {
    throw archiveInvalid(archive, `has more than ${String(archiveLimits.names)} names of images`);
  }
  return images.map(({ names, digest }) => {
    const { references, wrong } = readNames(names);
    if (references.length > 0) return references;
    const which = images.length === 1 ? 'The image' : `The image ${digest}`;
    const problem =
      wrong === undefined ? 'has no name' : `has the name ${quote(wrong)}, which is no reference`;
    throw new AppError('image/reference-invalid', `${which} in ${quote(archive)} ${problem}.`, {
      hint:
        images.length === 1
          ? 'Give it a name: `skerry images import FILE --as NAME`.'
          : 'Write an archive with that image alone, and give it a name when it is imported.',
    });
  });
}

function shorten(items: readonly string[]): string {
  const more = items.length > maxListed ? ', …' : '';
  return `${items.slice(0, maxListed).join(', ')}${more}`;
}
