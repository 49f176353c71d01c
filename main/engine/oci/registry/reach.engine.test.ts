import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { registrySettingsSchema, type RegistrySettings } from '../../../contract/registry.ts';
import { makeCertificate } from '../../testing/certificates.ts';
import { startConnectProxy } from '../../testing/connect-proxy.ts';
import { writeBusyboxImage } from '../../testing/images.ts';
import { parsedReference } from '../../testing/pull-image.ts';
import { startRegistry } from '../../testing/registry.ts';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { hostArchitecture, type WrittenImage } from '../../testing/write-oci-layout.ts';
import { ContentStore } from '../content-store.ts';
import type { ResolvedImage } from '../image-source.ts';
import { RegistryClient } from './registry-client.ts';
import { testRegistry } from './test-registry.ts';
import { Transports } from './transport.ts';

const platform = { os: 'linux', architecture: hostArchitecture } as const;
const secret = 'somebody:s3cret';

describe('how a registry is reached', () => {
  const temporary = useTemporaryDirectory();
  let written: WrittenImage;
  beforeEach(async () => {
    written = await writeBusyboxImage(layoutDir());
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });
  const layoutDir = (): string => join(temporary.path, 'layout');

  async function pull(
    reference: string,
    settings: Partial<RegistrySettings> = {},
    environment: Readonly<Record<string, string>> = {},
  ): Promise<ResolvedImage> {
    const store = await ContentStore.open(join(temporary.path, 'store'));
    const parsed = parsedReference(reference);
    const client = new RegistryClient({
      store,
      backoffMs: [],
      transports: new Transports(environment),
      settingsOf: (name) =>
        name === parsed.registry ? registrySettingsSchema.parse(settings) : undefined,
    });
    const image = await client.resolve(parsed, { platform });
    const source = client.sourceFor(parsed);
    for (const layer of image.layers) await source.fetchBlob(layer);
    return image;
  }

  it('takes TLS on loopback by an authority of its own, by any where insecure, and else not', async () => {
    const { authority, ...tls } = await makeCertificate(temporary.path, 'IP:127.0.0.1');
    await using registry = await startRegistry({ tls });
    const reference = await registry.push(layoutDir(), 'latest', 'team/app:1');
    await expect(pull(reference)).rejects.toMatchObject({
      code: 'registry/tls-failed',
      message: expect.stringContaining('speaks TLS') as string,
    });
    const { certificate } = tls;
    await expect(pull(reference, { caFile: certificate })).rejects.toMatchObject({
      code: 'registry/tls-failed',
      message: expect.stringContaining('authority') as string,
    });
    const missing = join(temporary.path, 'none.pem');
    await expect(pull(reference, { caFile: missing })).rejects.toMatchObject({
      code: 'registry/tls-failed',
      message: expect.stringContaining(missing) as string,
    });
    const { digest } = await pull(reference, { caFile: authority });
    expect(digest).toBe(written.manifest.digest);
    expect((await pull(reference, { isInsecure: true })).digest).toBe(digest);
  });

  it('goes on without TLS on loopback where none is spoken', async () => {
    const { authority } = await makeCertificate(temporary.path, 'IP:127.0.0.1');
    await using registry = await startRegistry();
    const reference = await registry.push(layoutDir(), 'latest', 'team/app:1');
    for (const settings of [{ caFile: authority }, { isInsecure: true }]) {
      expect((await pull(reference, settings)).digest).toBe(written.manifest.digest);
    }
  });

  it('refuses a certificate for another name', async () => {
    const { authority, ...tls } = await makeCertificate(temporary.path, 'DNS:other.example');
    await using registry = await startRegistry({ tls });
    const reference = await registry.push(layoutDir(), 'latest', 'team/app:1');
    await expect(pull(reference, { caFile: authority })).rejects.toMatchObject({
      code: 'registry/tls-failed',
      message: expect.stringContaining('for another name') as string,
    });
  });

  it('takes no certificate of anybody because the environment of Node says so', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const { certificate, authority, key } = await makeCertificate(temporary.path, 'IP:127.0.0.1');
    await using registry = await startRegistry({ tls: { certificate, key } });
    const reference = await registry.push(layoutDir(), 'latest', 'team/app:1');
    await expect(pull(reference, { caFile: certificate })).rejects.toMatchObject({
      code: 'registry/tls-failed',
    });
    expect((await pull(reference, { caFile: authority })).digest).toBe(written.manifest.digest);
  });

  it('goes through a proxy, which sees nothing of it', async () => {
    const { authority, ...tls } = await makeCertificate(temporary.path, 'DNS:registry.example');
    await using registry = await startRegistry({ tls });
    await registry.push(layoutDir(), 'latest', 'team/app:1');
    await using proxy = await startConnectProxy({ target: registry.host, secret });
    const environment = { HTTPS_PROXY: `http://${secret}@${proxy.host}` };
    const settings = { caFile: authority };
    const image = await pull('registry.example/team/app:1', settings, environment);
    expect(image.digest).toBe(written.manifest.digest);
    expect(new Set(proxy.asked)).toEqual(new Set(['CONNECT registry.example:443']));
    await expect(pull('registry.example/team/app:1', {}, environment)).rejects.toMatchObject({
      code: 'registry/tls-failed',
    });
  });

  it('asks a proxy for what is not encrypted, and only where it is marked insecure', async () => {
    await using registry = await startRegistry();
    await registry.push(layoutDir(), 'latest', 'team/app:1');
    await using proxy = await startConnectProxy({ target: registry.host, secret });
    const url = `http://${secret}@${proxy.host}`;
    const environment = { https_proxy: url, http_proxy: url };
    const reference = 'registry.example:5000/team/app:1';
    await expect(pull(reference, {}, environment)).rejects.toMatchObject({
      code: 'registry/tls-failed',
      message: expect.stringContaining('does not speak TLS') as string,
    });
    const image = await pull(reference, { isInsecure: true }, environment);
    expect(image.digest).toBe(written.manifest.digest);
    expect(proxy.asked).toContain(
      `GET http://registry.example:5000/v2/team/app/blobs/${written.layers[0]?.digest ?? ''}`,
    );
  });

  it('tells of a proxy that refuses, or is not there, and not its password', async () => {
    await using proxy = await startConnectProxy({ target: '127.0.0.1:9', secret });
    const reference = 'registry.example/team/app:1';
    const wrong = await pull(
      reference,
      {},
      {
        HTTPS_PROXY: `http://somebody:wr0ng@${proxy.host}`,
      },
    ).catch((error: unknown) => error);
    expect(wrong).toMatchObject({
      code: 'registry/unreachable',
      message: expect.stringContaining(`the proxy "${proxy.host}" wants a user name`) as string,
    });
    const { host } = proxy;
    await proxy[Symbol.asyncDispose]();
    const gone = await pull(reference, {}, { HTTPS_PROXY: `http://${secret}@${host}` }).catch(
      (error: unknown) => error,
    );
    expect(gone).toMatchObject({
      code: 'registry/unreachable',
      message: expect.stringContaining('is not there: the connection was refused') as string,
    });
    expect(JSON.stringify([wrong, gone].map(everything))).not.toMatch(/wr0ng|s3cret/);
  });

  it('asks a mirror, and the registry not at all', async () => {
    await using empty = await startRegistry();
    await using mirror = await startRegistry();
    await mirror.push(layoutDir(), 'latest', 'team/app:1');
    const mirrors = [empty.host, mirror.host];
    const image = await pull('registry.example/team/app:1', { mirrors });
    expect(image.digest).toBe(written.manifest.digest);
  });

  it('is told step by step', async () => {
    const { authority, ...tls } = await makeCertificate(temporary.path, 'IP:127.0.0.1');
    await using registry = await startRegistry({ tls });
    await registry.push(layoutDir(), 'latest', 'team/app:1');
    const test = async (settings: Partial<RegistrySettings>): Promise<string[]> => {
      const { steps } = await testRegistry(
        {
          registry: registry.host,
          settings: registrySettingsSchema.parse(settings),
          repository: 'team/app',
        },
        { settingsOf: () => undefined },
      );
      return steps.map(({ step, result }) => `${step} ${result}`);
    };
    expect(await test({ caFile: authority })).toEqual([
      ...['name skip', 'reach pass', 'tls pass', 'api pass', 'login skip', 'permission pass'],
    ]);
    expect(await test({ caFile: tls.certificate })).toEqual([
      ...['name skip', 'reach pass', 'tls fail'],
    ]);
  });
});

/** An error with all that is behind it. */
function everything(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { message, stack, cause } = error;
  return [Object.entries(error), message, stack, everything(cause)];
}
