import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { writeBusyboxImage } from '../../testing/images.ts';
import { runTool } from '../../testing/run-tool.ts';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import type { TlsPulls } from '../../testing/pull-over-tls.ts';

const program = fileURLToPath(new URL('../../testing/pull-over-tls.ts', import.meta.url));

describe('a pull over TLS', () => {
  const temporary = useTemporaryDirectory();

  it('refuses a certificate that nobody vouches for and what is not encrypted, unless it is told to', async () => {
    const written = await writeBusyboxImage(join(temporary.path, 'layout'));
    await runTool('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-subj', '/CN=registry', '-addext', 'subjectAltName=IP:192.0.2.1', '-days', '2'],
      ...['-keyout', join(temporary.path, 'key.pem')],
      ...['-out', join(temporary.path, 'certificate.pem')],
    ]);
    const script = 'ip link set lo up && ip addr add 192.0.2.1/32 dev lo && exec "$@"';
    const output = await runTool('unshare', [
      ...['--net', '--map-root-user', 'sh', '-c', script, 'sh'],
      ...[process.execPath, program, temporary.path],
    ]);
    const { host, untrusted, plain, allowed, manifest, layers } = JSON.parse(output) as TlsPulls;
    expect(untrusted).toEqual({
      code: 'registry/tls-failed',
      message: expect.stringContaining(host) as string,
    });
    expect(plain).toEqual({
      code: 'registry/tls-failed',
      message: expect.stringContaining('does not speak TLS') as string,
    });
    expect(allowed).toEqual([1, 2, 3].map(() => written.manifest.digest));
    expect(manifest).toBe(written.manifest.digest);
    expect(layers).toEqual(written.layers.map(({ digest }) => digest));
  });
});
