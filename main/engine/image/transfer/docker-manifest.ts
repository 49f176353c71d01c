/** `manifest.json` of what `docker save` writes. Pure. */
import { z } from 'zod';
import { limits, parseDocument } from '../../oci/document.ts';
import { archiveLimits } from './archive-limits.ts';
import { cleanEntryPath } from './archive-path.ts';
import { archiveInvalid } from './archive-error.ts';
import { quote } from '../../oci/quote.ts';

const schema = z
  .array(
    z.object({
      Config: z.string(),
      RepoTags: z.array(z.string().max(512)).max(1024).nullish(),
      Layers: z.array(z.string()).max(limits.layers).nullish(),
    }),
  )
  .max(archiveLimits.images);

/** An image of the archive. */
export interface DockerImage {
  /** Paths in the archive. */
  readonly config: string;
  readonly layers: readonly string[];
  readonly names: readonly string[];
}

/** Reads the document. @throws AppError `image/archive-invalid` */
export function parseDockerManifest(bytes: Uint8Array, name: string): DockerImage[] {
  const origin = { name, malformed: 'image/archive-invalid' } as const;
  const path = (text: string): string => {
    const result = cleanEntryPath(Buffer.from(text).toString('latin1'));
    if (result.ok) return result.path;
    throw archiveInvalid(
      name,
      `names the file ${quote(text)} of an image, which ${result.problem}`,
    );
  };
  return parseDocument(bytes, 'The file manifest.json', schema, origin).map((image) => ({
    config: path(image.Config),
    layers: (image.Layers ?? []).map(path),
    names: image.RepoTags ?? [],
  }));
}
