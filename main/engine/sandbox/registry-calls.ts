/** What clients may ask of registries. */
import { AppError } from '../base/app-error.ts';
import type { Engine } from '../engine.ts';

const notYet = (): Promise<never> =>
  Promise.reject(new AppError('internal/unexpected', 'This call is not bound yet.'));

/** Binds the calls to the parts of an engine. */
export function registryCalls(): Engine['registries'] {
  return {
    list: notYet,
    storage: notYet,
    login: notYet,
    logout: notYet,
    configure: notYet,
    remove: notYet,
    test: notYet,
  };
}
