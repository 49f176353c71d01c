/**
 * Registries of the fake engine, in memory. The password `wrong` is wrong everywhere; Docker has a
 * credential for `docker.example`. Nothing reaches `unreachable.example`.
 */
import type { z } from 'zod';
import {
  registryInputs,
  registrySettingsSchema,
  type CredentialSource,
  type Registry,
  type RegistrySettings,
  type SecretKeeper,
} from '../../contract/registry.ts';
import { AppError } from '../base/app-error.ts';
import type { RegistryCalls } from '../image-calls.ts';

/** See the head of this file. */
export class FakeRegistries {
  /** Where passwords are kept. */
  keeper: SecretKeeper = 'secret-service';
  /** What `login` was asked for. */
  readonly logins: z.input<typeof registryInputs.login>[] = [];
  readonly #kept = new Map<string, CredentialSource>();
  readonly #settings = new Map<string, RegistrySettings>();
  readonly #ofDocker = new Map<string, CredentialSource>([
    [
      'docker.example',
      {
        kind: 'password',
        username: 'moby',
        source: 'docker-config',
        where: '/home/me/.docker/config.json',
      },
    ],
  ]);

  /** What the engine offers its clients. */
  readonly engine: RegistryCalls = {
    list: () => {
      const names = new Set([
        ...['docker.io', ...this.#settings.keys()],
        ...[...this.#kept.keys(), ...this.#ofDocker.keys()],
      ]);
      return Promise.resolve([...names].map((name) => this.#describe(name)));
    },
    storage: () =>
      Promise.resolve({
        keeper: this.keeper,
        isEncrypted: this.keeper !== 'file',
        explanation: this.#explanation,
      }),
    login: (input) => {
      this.logins.push(input);
      const { registry, credential, allowFile, skipTest } = registryInputs.login.parse(input);
      if (this.keeper === 'file' && !allowFile) {
        return Promise.reject(new AppError('credentials/no-keeper', this.#explanation));
      }
      const isPassword = 'password' in credential;
      if (!skipTest && isPassword && credential.password === 'wrong') {
        const message = `The registry "${registry}" refused the password of "${credential.username}".`;
        return Promise.reject(new AppError('registry/wrong-password', message));
      }
      this.#kept.set(registry, {
        ...(isPassword ? { username: credential.username } : {}),
        kind: isPassword ? 'password' : 'identity-token',
        source: 'skerry',
        keeper: this.keeper,
        where: `the ${this.keeper} of the test`,
      });
      return Promise.resolve(this.#describe(registry));
    },
    logout: (registry) => {
      if (this.#kept.delete(registry)) return Promise.resolve(this.#describe(registry));
      return Promise.reject(notConfigured(registry));
    },
    configure: (registry, wanted) => {
      this.#settings.set(registry, registrySettingsSchema.parse(wanted));
      return Promise.resolve(this.#describe(registry));
    },
    remove: (registry) => {
      const had = [this.#kept.delete(registry), this.#settings.delete(registry)];
      return had.includes(true) ? Promise.resolve() : Promise.reject(notConfigured(registry));
    },
    test: ({ registry, repository }) => {
      const pass = { result: 'pass', evidence: 'It answered.' } as const;
      const skip = { result: 'skip', evidence: 'No repository was named.' } as const;
      if (registry !== 'unreachable.example') {
        const permission = { step: 'permission', ...(repository ? pass : skip) } as const;
        return Promise.resolve({ steps: [{ step: 'reach', ...pass }, permission] });
      }
      const fail = { result: 'fail', evidence: 'The connection was refused.' } as const;
      return Promise.resolve({
        steps: [
          { step: 'name', ...pass },
          { step: 'reach', ...fail, hint: 'Check its port.' },
        ],
      });
    },
  };

  get #explanation(): string {
    return this.keeper === 'file'
      ? 'Nothing here keeps it encrypted. It would be written to /state/secrets.json.'
      : `It is kept by the ${this.keeper} of the test.`;
  }

  #describe(name: string): Registry {
    const credential = this.#kept.get(name) ?? this.#ofDocker.get(name);
    return {
      name,
      settings: this.#settings.get(name) ?? registrySettingsSchema.parse({}),
      ...(credential && { credential }),
    };
  }
}

function notConfigured(registry: string): AppError {
  const message = `Skerry keeps no credential for ${registry}.`;
  return new AppError('registry/not-configured', message);
}
