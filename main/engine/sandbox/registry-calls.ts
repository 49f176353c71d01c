/** What clients may ask of registries. */
import { AppError } from '../base/app-error.ts';
import type { Engine } from '../engine.ts';
import { registrySettingsCalls, type RegistrySettingsTools } from './registry-settings-calls.ts';

const notYet = (): Promise<never> =>
  Promise.reject(new AppError('internal/unexpected', 'This call is not bound yet.'));

/** Binds the calls to the parts of an engine. */
export function registryCalls(tools: RegistrySettingsTools): Engine['registries'] {
  return {
    list: () => Promise.all(tools.settings.entries().map(([name]) => tools.describe(name))),
    storage: notYet,
    login: notYet,
    logout: notYet,
    remove: async (registry) => {
      await tools.settings.delete(registry);
    },
    ...registrySettingsCalls(tools),
  };
}
