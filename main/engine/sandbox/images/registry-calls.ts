/** What clients may ask of registries. */
import { registryInputs, type Credential, type Registry } from '../../../contract/registry.ts';
import { AppError, isAppError } from '../../base/app-error.ts';
import type { Logger } from '../../base/logger.ts';
import type { Credentials } from '../../credentials/credentials.ts';
import { dockerHub } from '../../credentials/registry-key.ts';
import type { Engine } from '../../engine.ts';
import type { FindCredential } from '../../oci/registry/auth.ts';
import {
  defaultRegistrySettings,
  type RegistrySettingsStore,
} from '../../oci/registry/registry-settings.ts';
import { registrySettingsCalls } from './registry-settings-calls.ts';

/** What the calls work on. */
export interface RegistryTools {
  readonly credentials: Credentials;
  readonly settings: RegistrySettingsStore;
  readonly findCredential: FindCredential;
  /** Asks the registry; throws `registry/…` where it does not let the user in. */
  readonly checkLogin: (registry: string, credential: Credential) => Promise<void>;
  readonly logger: Logger;
}

/** For the helpers of other programs, all together. */
const listTimeoutMs = 30_000;

/** Binds the calls to the parts of an engine. */
export function registryCalls(tools: RegistryTools): Engine['registries'] {
  const { credentials, checkLogin, logger, settings } = tools;
  const { kept } = credentials;

  const describe = async (registry: string, signal?: AbortSignal): Promise<Registry> => ({
    name: registry,
    settings: settings.get(registry) ?? defaultRegistrySettings,
    ...(await credentials.describe(registry, signal)),
  });

  /** Whether there was one. */
  const forget = async (registry: string): Promise<boolean> => {
    try {
      await kept.forget(registry);
    } catch (error) {
      if (isAppError(error, 'registry/not-configured')) return false;
      throw error;
    }
    logger.info('A login is forgotten.', { registry });
    return true;
  };

  return {
    list: async () => {
      const configured = settings.entries().map(([name]) => name);
      const withCredential = await credentials.registries();
      // References without a registry mean the first.
      const names = [...new Set([dockerHub, ...[...configured, ...withCredential].sort()])];
      const registries: Registry[] = [];
      // One after the other: a helper may ask its user for something. They share what time there is.
      const deadline = AbortSignal.timeout(listTimeoutMs);
      for (const name of names) registries.push(await describe(name, deadline));
      return registries;
    },
    storage: () => kept.storage(),
    login: async (input) => {
      const { registry, credential, allowFile, skipTest } = registryInputs.login.parse(input);
      // Nobody is asked for nothing: where it cannot be kept, it need not be right.
      const store = await kept.chooseStore(allowFile);
      if (!skipTest) await checkLogin(registry, credential);
      await kept.keep(registry, credential, store);
      logger.info('A login is kept.', { registry, keeper: store.keeper });
      return await describe(registry);
    },
    logout: async (registry) => {
      await kept.forget(registry);
      logger.info('A login is forgotten.', { registry });
      return await describe(registry);
    },
    ...registrySettingsCalls({ ...tools, describe }),
    remove: async (registry) => {
      const hadLogin = await forget(registry);
      const hadSettings = settings.get(registry) !== undefined;
      await settings.delete(registry);
      if (hadLogin || hadSettings) return;
      const message = `Skerry keeps neither a credential nor settings for ${registry}.`;
      throw new AppError('registry/not-configured', message);
    },
  };
}
