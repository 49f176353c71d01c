/** Registries of the fake engine: settings in memory, and tests that `unreachable.example` fails. */
import { registrySettingsSchema, type RegistrySettings } from '../../contract/registry.ts';
import type { RegistryCalls } from '../image-calls.ts';

/** What is about settings. */
export function fakeRegistrySettings(): Pick<
  RegistryCalls,
  'list' | 'configure' | 'remove' | 'test'
> {
  const kept = new Map<string, RegistrySettings>();
  return {
    list: () => Promise.resolve([...kept].map(([name, settings]) => ({ name, settings }))),
    configure: (name, wanted) => {
      const settings = registrySettingsSchema.parse(wanted);
      kept.set(name, settings);
      return Promise.resolve({ name, settings });
    },
    remove: (name) => {
      kept.delete(name);
      return Promise.resolve();
    },
    test: ({ registry, repository }) => {
      const pass = { result: 'pass', evidence: 'It answered.' } as const;
      if (registry !== 'unreachable.example') {
        const permission = {
          ...(repository === undefined
            ? ({ result: 'skip', evidence: 'No repository was named.' } as const)
            : pass),
          step: 'permission' as const,
        };
        return Promise.resolve({ steps: [{ step: 'reach', ...pass }, permission] });
      }
      const evidence = 'The connection was refused.';
      return Promise.resolve({
        steps: [
          { step: 'name', ...pass },
          { step: 'reach', result: 'fail', evidence, hint: 'Check its port.' },
        ],
      });
    },
  };
}
