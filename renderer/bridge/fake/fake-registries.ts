/** The registries of the in-memory host. A name with `refused`, `away` or `untrusted` in it fails its test. */
import type {
  Credential,
  Registry,
  RegistrySettings,
  RegistryTest,
  SecretStorage,
} from '../../../main/contract/registry.ts';
import { failure } from './fake-failure.ts';

const plainSettings: RegistrySettings = { isInsecure: false, mirrors: [] };

const hub = 'docker.io';

type Step = RegistryTest['steps'][number];

/** See the head of this file. */
export class FakeRegistries {
  readonly #registries = new Map<string, Registry>();
  readonly storage: SecretStorage;

  constructor(registries: readonly Registry[] = [], keeper: 'secret-service' | 'file') {
    this.storage =
      keeper === 'file'
        ? {
            ...{ keeper, isEncrypted: false },
            explanation:
              'Neither a keyring nor a credential helper is here, so passwords go to ~/.local/share/skerry/credentials.json, which only you can read.',
          }
        : {
            ...{ keeper, isEncrypted: true },
            explanation: 'Passwords are kept in the keyring of the desktop, by secret-tool.',
          };
    for (const registry of registries) this.#registries.set(registry.name, registry);
  }

  list(): Registry[] {
    const all = [...this.#registries.values()];
    return all.some(({ name }) => name === hub) ? all : [this.of(hub), ...all];
  }

  of(name: string): Registry {
    return this.#registries.get(name) ?? { name, settings: plainSettings };
  }

  login(name: string, credential: Credential, allowFile: boolean, skipTest: boolean): Registry {
    if (!this.storage.isEncrypted && !allowFile) {
      throw failure('credentials/no-keeper', 'The password would be kept in a file as it is.');
    }
    if (!skipTest) {
      const failed = this.test(name, credential).steps.find(({ result }) => result === 'fail');
      if (failed !== undefined) {
        const code = failed.step === 'login' ? 'registry/wrong-password' : 'registry/unreachable';
        throw failure(code, failed.evidence, { registry: name });
      }
    }
    const { keeper } = this.storage;
    return this.#set({
      ...this.of(name),
      credential: {
        ...('username' in credential
          ? { username: credential.username, kind: 'password' as const }
          : { kind: 'identity-token' as const }),
        source: 'skerry',
        keeper,
        where: keeper === 'file' ? '~/.config/skerry/credentials.json' : 'secret-tool',
      },
    });
  }

  logout(name: string): Registry {
    const { credential, ...rest } = this.of(name);
    if (credential?.source !== 'skerry') {
      throw failure('registry/not-configured', `Skerry keeps no credential for ${name}.`);
    }
    return this.#set(rest);
  }

  configure(name: string, settings: RegistrySettings): Registry {
    return this.#set({ ...this.of(name), settings });
  }

  remove(name: string): void {
    const { credential } = this.of(name);
    if (credential === undefined || credential.source === 'skerry') this.#registries.delete(name);
    else this.#set({ ...this.of(name), settings: plainSettings });
  }

  test(name: string, credential?: Credential, settings = this.of(name).settings): RegistryTest {
    const steps: Step[] = [];
    const pass = (step: Step['step'], evidence: string) => {
      steps.push({ step, result: 'pass', evidence });
    };
    const skip = (step: Step['step'], evidence: string) => {
      steps.push({ step, result: 'skip', evidence });
    };
    pass('name', `${name} is 203.0.113.20 and 2001:db8::20.`);
    if (name.includes('away')) {
      const hint = 'Check the network, and whether the registry is up.';
      steps.push({
        step: 'reach',
        result: 'fail',
        evidence: '203.0.113.20:443 refused the connection.',
        hint,
      });
      return { steps };
    }
    pass('reach', '203.0.113.20:443 answered in 12 ms.');
    if (name.includes('untrusted') && settings.caFile === undefined && !settings.isInsecure) {
      const hint = 'Name the authority of its certificate, or mark the registry insecure.';
      const evidence = 'The certificate is signed by "Team CA", which this machine does not trust.';
      steps.push({ step: 'tls', result: 'fail', evidence, hint });
      return { steps };
    }
    pass('tls', `TLS 1.3; the certificate is for ${name}, until 3 March.`);
    pass('api', 'GET /v2/ answered 401 with a Bearer challenge.');
    const known = credential ?? this.of(name).credential;
    const user = known !== undefined && 'username' in known ? known.username : undefined;
    if (name.includes('refused')) {
      const hint = 'Check the user and the password.';
      steps.push({
        step: 'login',
        result: 'fail',
        evidence: `The token server answered 401 for "${user ?? 'anonymous'}".`,
        hint,
      });
      return { steps };
    }
    if (known === undefined) skip('login', 'There is no credential: it is asked as anybody.');
    else pass('login', `The token server gave a token to "${user ?? 'the identity token'}".`);
    skip('permission', 'No repository was named.');
    return { steps };
  }

  #set(registry: Registry): Registry {
    this.#registries.set(registry.name, registry);
    return registry;
  }
}
