/** Registries in words. Pure. */
import type {
  CredentialSource,
  Registry,
  RegistryTest,
  SecretKeeper,
} from '../../../main/contract/registry.ts';

const keepers: Readonly<Record<SecretKeeper, string>> = {
  'safe-storage': 'Skerry, encrypted by the system',
  'secret-service': 'Skerry, in the keyring',
  'docker-helper': 'Skerry, by a Docker credential helper',
  file: 'Skerry, in a file that is not encrypted',
};

const sources: Readonly<Record<CredentialSource['source'], string>> = {
  skerry: 'Skerry',
  'docker-helper': 'Docker, by its credential helper',
  'docker-config': 'Docker, in its configuration',
  'podman-config': 'Podman, in its configuration',
};

/** Whose a credential is and where it is kept. */
export function describeSource({ source, keeper }: CredentialSource): string {
  return source === 'skerry' && keeper !== undefined ? keepers[keeper] : sources[source];
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
  if (kind === 'password') return username ?? 'a user without a name';
  return username === undefined || username === '<token>'
    ? 'identity token'
    : `${username}, identity token`;
}

/** The steps of a test, as questions it answers. */
export const stepWords: Readonly<Record<RegistryTest['steps'][number]['step'], string>> = {
  name: 'Name',
  reach: 'Connection',
  tls: 'Encryption',
  api: 'Registry',
  login: 'Login',
  permission: 'Permission',
};

/** How a test went, in one sentence. */
export function summariseTest({ steps }: RegistryTest): string {
  const failed = steps.find(({ result }) => result === 'fail');
  if (failed !== undefined) return `It fails at: ${stepWords[failed.step]}.`;
  const login = steps.find(({ step }) => step === 'login');
  return login?.result === 'pass'
    ? 'It can be used, and the login is right.'
    : 'It can be used, without a login.';
}
