import type { Credential, CredentialSource, Registry } from '../../contract/registry.ts';
import type { HostClient } from '../../server/client/host-client.ts';
import { askLine, askSecret, askYesNo } from '../ask.ts';
import { withHost } from '../connect.ts';
import { UsageError } from '../exit-code.ts';
import { formatTable, printable } from '../format.ts';
import type { JsonOption } from '../options.ts';
import { print, printJson, write } from '../output.ts';
import { readText } from '../read-text.ts';

/** Options of `login`. */
export interface LoginOptions {
  readonly username?: string;
  readonly passwordStdin?: boolean;
  readonly allowFile?: boolean;
  readonly skipTest?: boolean;
}

/** As with Docker's helpers: what is typed as the password of this user is an identity token. */
const identityTokenUser = '<token>';

/** `skerry login`: the password comes from the terminal or from stdin, never from an argument. */
export async function login(registry: string, options: LoginOptions): Promise<number> {
  const { username, passwordStdin = false } = options;
  const isAtTerminal = process.stdin.isTTY;
  if (!passwordStdin && !isAtTerminal) {
    throw new UsageError('There is no terminal to ask for the password: use --password-stdin.');
  }
  if (passwordStdin && username === undefined) {
    throw new UsageError('With --password-stdin the user is named by --username.');
  }
  return withHost(async (host) => {
    const allowFile = await decideOnFile(host, options);
    if (allowFile === undefined) return 1;
    const credential = passwordStdin
      ? credentialOf(username ?? '', await readPassword())
      : await askCredential(registry, username);
    const answer = await host.procedures.registries.login({
      registry,
      credential,
      allowFile,
      skipTest: options.skipTest === true,
    });
    await write(process.stderr, `${loginNews(answer)}\n`);
    return 0;
  });
}

/** `skerry logout` */
export function logout(registry: string): Promise<number> {
  return withHost(async (host) => {
    const { name, credential } = await host.procedures.registries.logout({ registry });
    const rest =
      credential === undefined
        ? ''
        : ` It is used as ${userOf(credential)} all the same, from ${credential.where}.`;
    await write(process.stderr, printable(`Logged out of ${name}.${rest}`) + '\n');
    return 0;
  });
}

/** `skerry registries` */
export function listRegistries({ json }: JsonOption): Promise<number> {
  return withHost(async (host) => {
    const registries = await host.procedures.registries.list();
    if (json === true) await printJson(registries);
    else await print(registriesTable(registries));
    return 0;
  });
}

/** Whether it may be written to a file, which is told before; undefined where the user says no. */
async function decideOnFile(
  host: HostClient,
  { allowFile = false, passwordStdin = false }: LoginOptions,
): Promise<boolean | undefined> {
  const { keeper, explanation } = await host.procedures.registries.storage();
  if (keeper !== 'file') return false;
  if (allowFile || !passwordStdin) await write(process.stderr, `${printable(explanation)}\n`);
  // The host process says no, and what to do.
  if (allowFile || passwordStdin) return allowFile;
  if (await askYesNo('Write it there?')) return true;
  await write(process.stderr, 'Nothing is kept.\n');
  return undefined;
}

async function askCredential(registry: string, username: string | undefined): Promise<Credential> {
  const user = username ?? (await askLine(`User at ${printable(registry)}: `)).trim();
  if (user === '') throw new UsageError('A user is needed.');
  return credentialOf(user, await askSecret('Password: '));
}

/** Without the line break that `echo` and files end with. */
async function readPassword(): Promise<string> {
  return (await readText('-')).replace(/\r?\n$/, '');
}

function credentialOf(username: string, password: string): Credential {
  if (password === '') throw new UsageError('A password is needed.');
  return username === identityTokenUser ? { identityToken: password } : { username, password };
}

function loginNews({ name, credential }: Registry): string {
  if (credential === undefined) return printable(`Logged in to ${name}.`);
  return printable(`Logged in to ${name} as ${userOf(credential)}; kept by ${credential.where}.`);
}

function userOf({ username }: CredentialSource): string {
  return username ?? 'the owner of an identity token';
}

/** One line per registry. */
function registriesTable(registries: readonly Registry[]): string {
  return formatTable([
    ['REGISTRY', 'USER', 'FROM', 'KEPT BY'],
    ...registries.map(({ name, credential, problem }) => {
      if (problem !== undefined) return [name, '?', problem];
      if (credential === undefined) return [name, '-', '-', '-'];
      const user = credential.username ?? '(identity token)';
      return [name, user, programs[credential.source], credential.where];
    }),
  ]);
}

const programs: Readonly<Record<CredentialSource['source'], string>> = {
  skerry: 'Skerry',
  'docker-helper': 'Docker',
  'docker-config': 'Docker',
  'podman-config': 'Podman',
};
