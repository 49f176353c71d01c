/** What clients may ask of how registries are reached. */
import {
  registrySettingsSchema,
  type Registry,
  type RegistrySettings,
} from '../../../contract/registry.ts';
import { AppError } from '../../base/app-error.ts';
import { expandLocalPath } from '../../config/local-files.ts';
import type { Engine } from '../../engine.ts';
import { readAuthorities } from '../../oci/registry/authorities.ts';
import type { FindCredential } from '../../oci/registry/auth.ts';
import { registryOrigins } from '../../oci/registry/endpoint.ts';
import {
  defaultRegistrySettings,
  type RegistrySettingsStore,
} from '../../oci/registry/registry-settings.ts';
import { testRegistry } from '../../oci/registry/test-registry.ts';

/** What the calls work on. */
export interface RegistrySettingsTools {
  readonly settings: RegistrySettingsStore;
  readonly findCredential?: FindCredential | undefined;
  /** The registry with all that is known of it. */
  readonly describe: (registry: string) => Promise<Registry>;
}

/** Binds the calls that are about settings. */
export function registrySettingsCalls(
  tools: RegistrySettingsTools,
): Pick<Engine['registries'], 'configure' | 'test'> {
  const { settings, findCredential, describe } = tools;
  return {
    configure: async (registry, wanted) => {
      const usable = await checkedSettings(registry, wanted);
      if (isDefault(usable)) await settings.delete(registry);
      else await settings.set(registry, usable);
      return await describe(registry);
    },
    test: async (request, signal) => {
      const typed =
        request.settings && withWholePath(registrySettingsSchema.parse(request.settings));
      const context = { settingsOf: (name: string) => settings.get(name), findCredential };
      return await testRegistry({ ...request, settings: typed }, context, signal);
    },
  };
}

/** Throws what would fail at every pull. */
async function checkedSettings(
  registry: string,
  wanted: RegistrySettings,
): Promise<RegistrySettings> {
  registryOrigins(registry);
  const settings = withWholePath(wanted);
  if (settings.caFile !== undefined) await readAuthorities(settings.caFile);
  return settings;
}

/** `~` is ours, and only the client knows what a relative path is relative to. */
function withWholePath(settings: RegistrySettings): RegistrySettings {
  if (settings.caFile === undefined) return settings;
  const caFile = expandLocalPath(settings.caFile);
  if (caFile !== undefined) return { ...settings, caFile };
  const message = `The path "${settings.caFile}" of the file of certificates has to begin with "/" or "~/".`;
  throw new AppError('config/invalid', message);
}

function isDefault(settings: RegistrySettings): boolean {
  return (
    JSON.stringify(registrySettingsSchema.parse(settings)) ===
    JSON.stringify(defaultRegistrySettings)
  );
}
