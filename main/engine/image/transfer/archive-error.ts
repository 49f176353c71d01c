import { AppError } from '../../base/app-error.ts';
import { quote } from '../../oci/quote.ts';

/** What is wrong with an archive; `problem` goes on after its name, and ends without a full stop. */
export function archiveInvalid(name: string, problem: string, cause?: unknown): AppError {
  return new AppError('image/archive-invalid', `${quote(name, 400)} ${problem}.`, { cause });
}
