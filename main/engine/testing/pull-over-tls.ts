/**
 * A program for a network namespace of its own, where 192.0.2.1 (TEST-NET-1, RFC 5737) is an
 * address of this machine: registries on loopback are spoken to without TLS. It pushes the image
 * of an OCI layout to a registry with TLS and pulls it before and after its certificate is trusted.
 *
 * Arguments: a directory that holds `layout`, `certificate.pem` and `key.pem`. Prints a
 * {@link TlsPulls} as JSON.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { AppError } from '../base/app-error.ts';
import { ContentStore } from '../oci/content-store.ts';
import { pullImage } from './pull-image.ts';
import { startRegistry } from './registry.ts';

/** What the program found. */
export interface TlsPulls {
  readonly host: string;
  /** The error of the pull from a registry that nobody vouches for. */
  readonly untrusted: { readonly code: string; readonly message: string } | undefined;
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

const untrusted = await pullImage(text, store).then(
  () => undefined,
  (error: unknown) => {
    if (!(error instanceof AppError)) throw error;
    return { code: error.code, message: error.message };
  },
);
setDefaultCACertificates([...getCACertificates('default'), await readFile(certificate, 'utf8')]);
const image = await pullImage(text, store);
const result: TlsPulls = {
  host: registry.host,
  untrusted,
  manifest: image.digest,
  layers: image.layers.map(({ digest }) => digest),
};
process.stdout.write(`${JSON.stringify(result)}\n`);
