/** Calls on images that the fake engine does not have. */
import { AppError } from '../base/app-error.ts';
import type { ImageCalls } from '../image-calls.ts';

const unsupported = (): Promise<never> =>
  Promise.reject(new AppError('vm/unsupported', 'The fake engine has no such call.'));

/** Every call fails. */
export const unsupportedImages: ImageCalls = {
  list: unsupported,
  inspect: unsupported,
  pull: unsupported,
  push: unsupported,
  search: unsupported,
  tag: unsupported,
  remove: unsupported,
  prune: unsupported,
  usage: unsupported,
  setLimit: unsupported,
  check: unsupported,
  import: unsupported,
  programs: unsupported,
  localImages: unsupported,
  importFrom: unsupported,
  export: unsupported,
  commit: unsupported,
  build: unsupported,
};
