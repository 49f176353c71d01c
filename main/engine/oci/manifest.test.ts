import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAppError } from '../base/app-error.ts';
import { parseImageConfig } from './config.ts';
import type { DocumentOrigin } from './document.ts';
import { parseManifest, type ManifestDocument } from './manifest.ts';
import { choosePlatform } from './platform.ts';

const origin: DocumentOrigin = { name: 'a.test/app:1', malformed: 'registry/bad-answer' };
const oci = 'application/vnd.oci.image';
const docker = 'application/vnd.docker';
const digest = `sha256:${'a'.repeat(64)}`;
const config = { mediaType: `${oci}.config.v1+json`, digest, size: 10 };
const layer = { mediaType: `${oci}.layer.v1.tar+gzip`, digest, size: 20 };
const manifest = { schemaVersion: 2, config, layers: [layer] };

function parse(document: unknown, type?: string): ManifestDocument {
  return parseManifest(Buffer.from(JSON.stringify(document)), origin, type);
}

describe('parseManifest', () => {
  it.each([
    [`${oci}.layer.v1.tar`, 'none'],
    [`${oci}.layer.v1.tar+gzip`, 'gzip'],
    [`${oci}.layer.v1.tar+zstd`, 'zstd'],
    [`${docker}.image.rootfs.diff.tar`, 'none'],
    [`${docker}.image.rootfs.diff.tar.gzip`, 'gzip'],
    [`${docker}.image.rootfs.diff.tar.zstd`, 'zstd'],
  ])('reads layers of type %s', (mediaType, compression) => {
    expect(parse({ ...manifest, layers: [{ ...layer, mediaType }] })).toEqual({
      kind: 'manifest',
      mediaType: `${oci}.manifest.v1+json`,
      config,
      layers: [{ ...layer, mediaType, compression }],
    });
  });

  it.each([
    `${oci}.layer.nondistributable.v1.tar+gzip`,
    `${docker}.image.rootfs.foreign.diff.tar.gzip`,
    `${oci}.layer.v1.tar+gzip+encrypted`,
    'application/vnd.in-toto+json',
    'constructor',
  ])('does not read layers of type %s', (mediaType) => {
    expect(() => parse({ ...manifest, layers: [{ ...layer, mediaType }] })).toThrow(
      expect.objectContaining({ code: 'image/unsupported' }),
    );
  });

  it.each([
    ['schema 1', { ...manifest, schemaVersion: 1 }],
    ['another artifact', { ...manifest, config: { ...config, mediaType: 'text/helm' } }],
    ['an unknown type', { ...manifest, mediaType: 'application/json' }],
    [
      'a sha512 digest',
      { ...manifest, config: { ...config, digest: `sha512:${'a'.repeat(128)}` } },
    ],
    ['a path as a digest', { ...manifest, layers: [{ ...layer, digest: 'sha256:../../x' }] }],
    ['a huge configuration', { ...manifest, config: { ...config, size: 9 * 1024 * 1024 } }],
    ['a huge layer', { ...manifest, layers: [{ ...layer, size: 2 ** 40 }] }],
  ])('does not support %s', (_, document) => {
    expect(() => parse(document)).toThrow(expect.objectContaining({ code: 'image/unsupported' }));
  });

  it.each([
    ['an image and an index in one', { ...manifest, manifests: [] }, undefined],
    ['an index served as an image', { schemaVersion: 2, manifests: [] }, `${oci}.manifest.v1+json`],
    ['an image served as an index', manifest, `${oci}.index.v1+json`],
    ['types that differ', { ...manifest, mediaType: `${oci}.index.v1+json` }, undefined],
    ['no layers', { schemaVersion: 2, config }, undefined],
    ['no configuration', { schemaVersion: 2, layers: [] }, undefined],
    ['too many layers', { ...manifest, layers: Array(128).fill(layer) as unknown[] }, undefined],
    ['a negative size', { ...manifest, layers: [{ ...layer, size: -1 }] }, undefined],
    ['a broken size', { ...manifest, layers: [{ ...layer, size: 1.5 }] }, undefined],
    ['a size as text', { ...manifest, layers: [{ ...layer, size: '20' }] }, undefined],
    ['null', null, undefined],
    ['a list', [], undefined],
  ])('makes no sense of %s', (_, document, type) => {
    expect(() => parse(document, type)).toThrow(
      expect.objectContaining({ code: 'registry/bad-answer' }),
    );
  });

  it('reads an index, and heeds a type it does not know in no header', () => {
    const platform = { os: 'linux', architecture: 'arm64', variant: 'v8', 'os.version': '1' };
    const entry = { mediaType: `${oci}.manifest.v1+json`, digest, size: 1 };
    const document = { schemaVersion: 2, manifests: [{ ...entry, platform }, entry] };
    expect(parse(document, 'application/json')).toEqual({
      kind: 'index',
      entries: [
        {
          ...entry,
          annotations: {},
          platform: { os: 'linux', architecture: 'arm64', variant: 'v8' },
        },
        { ...entry, annotations: {} },
      ],
    });
  });

  it('does not let a name steer the terminal', () => {
    const evil = { name: 'a\u001b[2J\u202e', malformed: 'registry/bad-answer' } as const;
    expect(() => parseManifest(Buffer.from('x'), evil)).toThrow(
      '"a\\u001b[2J\\u202e" is not JSON.',
    );
  });

  it('throws nothing but AppErrors', () => {
    const near = fc.record(
      {
        schemaVersion: fc.oneof(fc.constant(2), fc.jsonValue()),
        mediaType: fc.oneof(fc.constant(`${oci}.manifest.v1+json`), fc.jsonValue()),
        config: fc.oneof(fc.constant(config), fc.jsonValue()),
        layers: fc.oneof(fc.constant([layer]), fc.array(fc.jsonValue())),
        manifests: fc.oneof(fc.constant(undefined), fc.array(fc.jsonValue())),
      },
      { requiredKeys: [] },
    );
    const bytes = fc.oneof(
      fc.uint8Array(),
      fc.json().map((text) => Buffer.from(text)),
      near.map((value) => Buffer.from(JSON.stringify(value))),
    );
    fc.assert(
      fc.property(bytes, (document) => {
        for (const read of [parseManifest, parseImageConfig]) {
          try {
            read(document, origin);
          } catch (error) {
            expect(isAppError(error)).toBe(true);
          }
        }
      }),
    );
  });
});

describe('choosePlatform', () => {
  const entry = (architecture: string, variant = '', os = 'linux') => ({
    mediaType: `${oci}.manifest.v1+json`,
    digest: `${os}/${architecture}/${variant}`,
    size: 1,
    annotations: {},
    platform: { os, architecture, variant },
  });
  const amd64 = { os: 'linux', architecture: 'amd64' } as const;
  const arm64 = { os: 'linux', architecture: 'arm64' } as const;

  it.each([
    [[entry('amd64', 'v3'), entry('amd64')], amd64, 'linux/amd64/'],
    [[entry('amd64', '', 'windows'), entry('amd64')], amd64, 'linux/amd64/'],
    [[entry('arm', 'v8'), entry('arm64')], arm64, 'linux/arm64/'],
    [[entry('arm64'), entry('arm64', 'v8')], arm64, 'linux/arm64/v8'],
  ])('chooses for the machine', (entries, platform, expected) => {
    expect(choosePlatform(entries, platform, origin).digest).toBe(expected);
  });

  it.each([
    ['another variant', [entry('arm64', 'v9')]],
    ['another system', [entry('arm64', '', 'darwin')]],
    ['none', []],
  ])('finds nothing in %s', (_, entries) => {
    expect(() => choosePlatform(entries, arm64, origin)).toThrow(
      expect.objectContaining({ code: 'image/platform-unavailable' }),
    );
  });

  it('takes a lone entry that names no platform', () => {
    const lone = { mediaType: 'm', digest, size: 1, annotations: {} };
    expect(choosePlatform([lone], amd64, origin)).toBe(lone);
    expect(() => choosePlatform([lone, lone], amd64, origin)).toThrow('none that it names');
  });
});

describe('parseImageConfig', () => {
  const base = {
    os: 'linux',
    architecture: 'amd64',
    rootfs: { type: 'layers', diff_ids: [digest] },
  };
  const read = (document: unknown) =>
    parseImageConfig(Buffer.from(JSON.stringify(document)), origin);

  it('reads one that says little', () => {
    expect(read(base)).toEqual({
      diffIds: [digest],
      config: { os: 'linux', architecture: 'amd64', env: [], entrypoint: [], cmd: [] },
    });
  });

  it('takes null and empty for what is not there, as Docker writes them', () => {
    const empty = { Env: null, Cmd: null, Entrypoint: null, WorkingDir: '', User: '' };
    expect(read({ ...base, created: 'no date', config: empty }).config).toEqual(read(base).config);
    expect(read({ ...base, config: null }).config).toEqual(read(base).config);
  });

  it.each([
    ['a NUL in the environment', { ...base, config: { Env: ['A=\0'] } }],
    ['a NUL in the command', { ...base, config: { Cmd: ['sh\0'] } }],
    ['a command that is no list', { ...base, config: { Cmd: 'sh' } }],
    ['no layers', { ...base, rootfs: undefined }],
    ['no system', { ...base, os: undefined }],
  ])('refuses %s', (_, document) => {
    expect(() => read(document)).toThrow(expect.objectContaining({ code: 'registry/bad-answer' }));
  });

  it('refuses a digest of another kind', () => {
    const rootfs = { type: 'layers', diff_ids: ['sha512:abc'] };
    expect(() => read({ ...base, rootfs })).toThrow(
      expect.objectContaining({ code: 'image/unsupported' }),
    );
  });
});
