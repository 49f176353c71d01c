/** The image configuration, OCI (config.md) and Docker's, which has the same fields. */
import { z } from 'zod';
import { AppError } from '../base/app-error.ts';
import { isDigest } from './digest.ts';
import { limits, parseDocument, type DocumentOrigin } from './document.ts';
import type { ImageConfig } from './image-source.ts';
import { quote } from './quote.ts';

/** No NUL: the guest's kernel takes none in a path, an argument or the environment. */
const text = z.string().refine((value) => !value.includes('\0'), 'has a NUL in it');
const texts = z.array(text).nullish();

const configSchema = z.object({
  architecture: text,
  os: text,
  variant: text.nullish(),
  created: z.string().nullish(),
  config: z
    .object({
      Env: texts,
      WorkingDir: text.nullish(),
      User: text.nullish(),
      Entrypoint: texts,
      Cmd: texts,
    })
    .nullish(),
  rootfs: z.object({
    type: z.literal('layers'),
    diff_ids: z.array(z.string()).max(limits.layers).nullish(),
  }),
});

/** A configuration and the digests of the uncompressed layers, bottom first. */
export interface ParsedConfig {
  readonly config: ImageConfig;
  readonly diffIds: readonly string[];
}

/** Reads a configuration. Throws `image/unsupported` or the origin's code. */
export function parseImageConfig(bytes: Uint8Array, origin: DocumentOrigin): ParsedConfig {
  const document = parseDocument(bytes, 'The configuration', configSchema, origin);
  const diffIds = document.rootfs.diff_ids ?? [];
  const wrong = diffIds.find((diffId) => !isDigest(diffId));
  if (wrong !== undefined) {
    throw new AppError(
      'image/unsupported',
      `The image ${quote(origin.name)} names ${quote(wrong)}, which is not a sha256 digest.`,
    );
  }
  const { architecture, os, variant, created, config } = document;
  const createdAtMs = created ? Date.parse(created) : Number.NaN;
  return {
    diffIds,
    config: {
      architecture,
      os,
      ...(variant && { variant }),
      ...(Number.isFinite(createdAtMs) && { createdAtMs }),
      env: config?.Env ?? [],
      ...(config?.WorkingDir && { workdir: config.WorkingDir }),
      ...(config?.User && { user: config.User }),
      entrypoint: config?.Entrypoint ?? [],
      cmd: config?.Cmd ?? [],
    },
  };
}
