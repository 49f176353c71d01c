/** What clients may ask of how registries are reached. */
import {
  registrySettingsSchema,
  type Registry,
  type RegistrySettings,
} from '../../contract/registry.ts';
import type { Engine } from '../engine.ts';
import { readAuthorities } from '../oci/authorities.ts';
import type { FindCredential } from '../oci/auth.ts';
import { registryOrigins } from '../oci/endpoint.ts';
import { defaultRegistrySettings, type RegistrySettingsStore } from '../oci/registry-settings.ts';
import { testRegistry } from '../oci/test-registry.ts';

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
      await checkSettings(registry, wanted);
      if (isDefault(wanted)) await settings.delete(registry);
      else await settings.set(registry, wanted);
      return await describe(registry);
    },
    test: async (request, signal) => {
      const typed = request.settings && registrySettingsSchema.parse(request.settings);
      const context = { settingsOf: (name: string) => settings.get(name), findCredential };
      return await testRegistry({ ...request, settings: typed }, context, signal);
    },
  };
}

/** Throws what would fail at every pull. */
async function checkSettings(registry: string, { caFile }: RegistrySettings): Promise<void> {
  registryOrigins(registry);
  if (caFile !== undefined) await readAuthorities(caFile);
}

function isDefault(settings: RegistrySettings): boolean {
  return (
    JSON.stringify(registrySettingsSchema.parse(settings)) ===
    JSON.stringify(defaultRegistrySettings)
  );
}
