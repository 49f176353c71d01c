import { parseImageReference, type ImageReference } from '../../contract/image-reference.ts';
import { AppError } from '../base/app-error.ts';

/** Reads a reference in any spelling. @throws AppError `image/reference-invalid` */
export function parseReference(reference: string): ImageReference {
  const result = parseImageReference(reference);
  if (result.ok) return result.reference;
  throw new AppError('image/reference-invalid', result.problem);
}
