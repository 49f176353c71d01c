/**
 * A program for a network namespace of its own, where 192.0.2.1 (TEST-NET-1, RFC 5737) is an
 * address of this machine: registries on loopback are spoken to without TLS. It pushes the image
 * of an OCI layout to a registry with TLS and pulls it before and after its certificate is trusted,
 * and does the same with a registry without TLS.
 *
 * Arguments: a directory that holds `layout`, `certificate.pem` and `key.pem`. Prints a
 * {@link TlsPulls} as JSON.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { RegistrySettings } from '../../contract/registry.ts';
import { AppError } from '../base/app-error.ts';
import { ContentStore } from '../oci/content-store.ts';
import { pullImage } from './pull-image.ts';
import { startRegistry } from './registry.ts';

/** An error of a pull. */
interface PullError {
  readonly code: string;
  readonly message: string;
}

/** What the program found. */
export interface TlsPulls {
  readonly host: string;
  /** Of the pull from a registry that nobody vouches for. */
  readonly untrusted: PullError | undefined;
  /** Of the pull from a registry without TLS. */
  readonly plain: PullError | undefined;
  /** Digests that pulls brought which the settings of the registry allow. */
  readonly allowed: readonly string[];
  /** Digests that the other pull brought. */
  readonly manifest: string;
  readonly layers: readonly string[];
}

const directory = process.argv[2] ?? '.';
const certificate = join(directory, 'certificate.pem');
await using registry = await startRegistry({
  address: '192.0.2.1',
  tls: { certificate, key: join(directory, 'key.pem') },
});
const text = await registry.push(join(directory, 'layout'), 'latest', 'team/app:1');
const store = await ContentStore.open(join(directory, 'store'));

const failure = async (pull: Promise<unknown>): Promise<PullError | undefined> =>
  pull.then(
    () => undefined,
    (error: unknown) => {
      if (!(error instanceof AppError)) throw error;
      return { code: error.code, message: error.message };
    },
  );
const untrusted = await failure(pullImage(text, store));
await using plainRegistry = await startRegistry({ address: '192.0.2.1' });
const plainText = await plainRegistry.push(join(directory, 'layout'), 'latest', 'team/app:1');
const plain = await failure(pullImage(plainText, store));
const insecure = { isInsecure: true, mirrors: [] };
const allowed: string[] = [];
const wanted: [string, RegistrySettings][] = [
  [text, { isInsecure: false, mirrors: [], caFile: certificate }],
  [text, insecure],
  [plainText, insecure],
];
for (const [reference, settings] of wanted) {
  allowed.push((await pullImage(reference, store, settings)).digest);
}
setDefaultCACertificates([...getCACertificates('default'), await readFile(certificate, 'utf8')]);
const image = await pullImage(text, store);
const result: TlsPulls = {
  host: registry.host,
  untrusted,
  plain,
  allowed,
  manifest: image.digest,
  layers: image.layers.map(({ digest }) => digest),
};
process.stdout.write(`${JSON.stringify(result)}\n`);
