/** Registries in words. Pure. */
import type {
  CredentialSource,
  Registry,
  RegistryTest,
  SecretKeeper,
} from '../../../main/contract/registry.ts';
import { translate } from '../../words/language.ts';

const keepers = {
  'safe-storage': 'safeStorage',
  'secret-service': 'secretService',
  'docker-helper': 'skerryHelper',
  file: 'file',
} as const satisfies Record<SecretKeeper, string>;

const sources = {
  skerry: 'skerry',
  'docker-helper': 'dockerHelper',
  'docker-config': 'dockerConfig',
  'podman-config': 'podmanConfig',
} as const satisfies Record<CredentialSource['source'], string>;

/** Whose a credential is and where it is kept. */
export function describeSource({ source, keeper }: CredentialSource): string {
  const isKnown = source === 'skerry' && keeper !== undefined;
  return translate(`registries:sources.${isKnown ? keepers[keeper] : sources[source]}`);
}

/** Whether Skerry itself keeps anything for a registry: a credential, or how it is reached. */
export function isKept({ credential, problem, settings }: Registry): boolean {
  const { isInsecure, caFile, mirrors } = settings;
  const isReachedAnotherWay = isInsecure || caFile !== undefined || mirrors.length > 0;
  // A credential that cannot be read may be Skerry's.
  return isReachedAnotherWay || credential?.source === 'skerry' || problem !== undefined;
}

/** Who one is there. */
export function describeUser({ username, kind }: CredentialSource): string {
  if (kind === 'password') return username ?? translate('registries:user.noName');
  return username === undefined || username === '<token>'
    ? translate('registries:user.token')
    : translate('registries:user.namedToken', { name: username });
}

/** How a test went, in one sentence. */
export function summariseTest({ steps }: RegistryTest): string {
  const failed = steps.find(({ result }) => result === 'fail');
  if (failed !== undefined) {
    const step = translate(`registries:test.steps.${failed.step}`);
    return translate('registries:test.failsAt', { step });
  }
  const login = steps.find(({ step }) => step === 'login');
  return login?.result === 'pass'
    ? translate('registries:test.rightLogin')
    : translate('registries:test.noLogin');
}
