import { describe, expect, it } from 'vitest';
import { parseImageConfig } from './config.ts';
import {
  checkDerivable,
  deriveConfig,
  deriveManifest,
  type ImageDocuments,
} from './derive-image.ts';
import { limits, type DocumentOrigin } from './document.ts';
import { parseManifest } from './manifest.ts';

const origin: DocumentOrigin = { name: 'team/base', malformed: 'image/unsupported' };
const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;
const history = {
  created: new Date('2026-01-02T03:04:05Z'),
  createdBy: 'skerry commit box',
  comment: 'Why',
  author: 'Ann',
};
const layer = { digest: digest('d'), size: 99, diffId: digest('e') };

function documents(family: 'oci' | 'docker', config: object = {}, layers = 1): ImageDocuments {
  const types =
    family === 'oci'
      ? {
          manifest: 'application/vnd.oci.image.manifest.v1+json',
          config: 'application/vnd.oci.image.config.v1+json',
          layer: 'application/vnd.oci.image.layer.v1.tar+zstd',
        }
      : {
          manifest: 'application/vnd.docker.distribution.manifest.v2+json',
          config: 'application/vnd.docker.container.image.v1+json',
          layer: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
        };
  const bytes = (value: object): Uint8Array => Buffer.from(JSON.stringify(value));
  return {
    manifest: bytes({
      schemaVersion: 2,
      mediaType: types.manifest,
      config: { mediaType: types.config, digest: digest('a'), size: 5 },
      layers: Array.from({ length: layers }, () => ({
        mediaType: types.layer,
        digest: digest('b'),
        size: 7,
        annotations: { 'of.the': 'layer' },
      })),
      annotations: { 'of.the': 'image' },
    }),
    config: bytes({
      architecture: 'amd64',
      os: 'linux',
      created: '2020-01-01T00:00:00Z',
      rootfs: { type: 'layers', diff_ids: Array.from({ length: layers }, () => digest('c')) },
      ...config,
    }),
  };
}

const read = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString());

describe('deriveConfig', () => {
  it('adds the layer and its history, and keeps everything else', () => {
    const kept = {
      config: { Env: ['A=1'], Labels: { x: 'y' }, Healthcheck: { Test: ['NONE'] } },
      docker_version: '20.10',
      'org.example.unknown': { deep: [1, null] },
    };
    const steps = [
      { created_by: 'ADD x', weird: true },
      { created_by: 'ENV', empty_layer: true },
    ];
    const base = documents('oci', { ...kept, history: steps });
    const bytes = deriveConfig(base, layer.diffId, history, origin);
    expect(read(bytes)).toEqual({
      ...kept,
      architecture: 'amd64',
      os: 'linux',
      author: 'Ann',
      created: '2026-01-02T03:04:05.000Z',
      rootfs: { type: 'layers', diff_ids: [digest('c'), digest('e')] },
      history: [
        ...steps,
        {
          created: '2026-01-02T03:04:05.000Z',
          created_by: 'skerry commit box',
          author: 'Ann',
          comment: 'Why',
        },
      ],
    });
    expect(parseImageConfig(bytes, origin).diffIds).toHaveLength(2);
  });

  it('keeps the author of an image where none is given', () => {
    const { created, createdBy } = history;
    const bytes = deriveConfig(
      documents('oci', { author: 'Before' }),
      layer.diffId,
      { created, createdBy },
      origin,
    );
    expect(read(bytes)).toMatchObject({ author: 'Before' });
    expect(JSON.stringify(read(bytes))).not.toContain('comment":"Why');
  });

  it('has one step for each layer, whatever the image kept of its own', () => {
    const base = documents('oci', { history: [{ empty_layer: true }, { created_by: 'ADD' }] }, 3);
    const { history: steps } = read(deriveConfig(base, layer.diffId, history, origin)) as {
      history: { empty_layer?: boolean }[];
    };
    expect(steps.filter((step) => step.empty_layer !== true)).toHaveLength(4);
    expect(steps.at(-1)).toMatchObject({ created_by: 'skerry commit box' });
  });
});

describe('deriveManifest', () => {
  it.each([
    ['oci', 'application/vnd.oci.image.layer.v1.tar+gzip'],
    ['docker', 'application/vnd.docker.image.rootfs.diff.tar.gzip'],
  ] as const)('stays in the family of its base: %s', (family, layerType) => {
    const base = documents(family);
    const bytes = deriveManifest(base, { digest: digest('f'), size: 6 }, layer, origin);
    const before = read(base.manifest) as Record<string, unknown> & { layers: object[] };
    const after = read(bytes) as Record<string, unknown>;
    expect(after).toEqual({
      schemaVersion: 2,
      mediaType: before['mediaType'],
      config: { ...(before['config'] as object), digest: digest('f'), size: 6 },
      layers: [...before.layers, { mediaType: layerType, digest: layer.digest, size: 99 }],
    });
    expect(parseManifest(bytes, origin)).toMatchObject({
      kind: 'manifest',
      layers: [{}, { compression: 'gzip' }],
    });
  });
});

describe('checkDerivable', () => {
  it('takes an image that has room for a layer', () => {
    expect(() => {
      checkDerivable(documents('oci', {}, limits.layers - 1), origin);
    }).not.toThrow();
  });

  it.each([
    ['as many layers as there may be', documents('oci', {}, limits.layers)],
    ['a history that is none', documents('oci', { history: 'long' })],
    [
      'other layers in its configuration',
      { ...documents('oci'), config: documents('oci', {}, 2).config },
    ],
    ['no JSON', { ...documents('oci'), config: Buffer.from('{') }],
  ])('refuses one with %s', (_what, base) => {
    expect(() => {
      checkDerivable(base, origin);
    }).toThrow(expect.objectContaining({ code: 'image/unsupported' }) as Error);
  });
});
