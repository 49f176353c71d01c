import { join } from 'node:path';
import { runTool } from './run-tool.ts';

/** Paths of PEM files. */
export interface TestCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** Makes an authority, and a certificate that it vouches for: `DNS:registry.example`, `IP:127.0.0.1`. */
export async function makeCertificate(
  directory: string,
  subject: string,
): Promise<TestCertificate & { readonly authority: string }> {
  const authority = await selfSign(directory, 'authority', [
    ...['-subj', '/CN=A test authority', '-addext', 'basicConstraints=critical,CA:TRUE'],
  ]);
  const { certificate, key } = await selfSign(directory, 'server', [
    ...['-subj', '/CN=A test registry', '-addext', `subjectAltName=${subject}`],
    ...['-CA', authority.certificate, '-CAkey', authority.key],
  ]);
  return { certificate, key, authority: authority.certificate };
}

async function selfSign(
  directory: string,
  name: string,
  options: readonly string[],
): Promise<TestCertificate> {
  const key = join(directory, `${name}-key.pem`);
  const certificate = join(directory, `${name}.pem`);
  await runTool('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...['-days', '2', '-keyout', key, '-out', certificate, ...options],
  ]);
  return { certificate, key };
}
