import { z } from 'zod';
import { diskFormatSchema } from '../../contract/config/root-options.ts';

/** What of an image's configuration a sandbox keeps, so that it needs the image's blobs no more. */
const imageDefaultsSchema = z.strictObject({
  env: z.array(z.string()),
  workdir: z.string().optional(),
  user: z.string().optional(),
  entrypoint: z.array(z.string()),
  cmd: z.array(z.string()),
});

/** See {@link imageDefaultsSchema}. */
export type ImageDefaults = z.infer<typeof imageDefaultsSchema>;

/** See {@link RootRecord}. */
export const rootRecordSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('image'),
    /** Full reference, as it was resolved at creation. */
    reference: z.string(),
    /** Pinned: a start never resolves the reference again. */
    digest: z.string(),
    defaults: imageDefaultsSchema,
  }),
  z.strictObject({ kind: z.literal('directory'), path: z.string() }),
  z.strictObject({
    kind: z.literal('disk'),
    path: z.string(),
    /**
     * Pinned: what the guest writes must not change what the disk is opened as. With the files
     * below it, each with its format.
     */
    format: diskFormatSchema,
    virtualBytes: z.number(),
    backing: z.array(z.strictObject({ path: z.string(), format: diskFormatSchema })),
    /** Other files that belong to the disk itself. */
    otherFiles: z.array(z.string()),
    /** Whether the sandbox writes to an overlay of its own. */
    isForked: z.boolean(),
  }),
]);

/** What a sandbox's root is made of, as it was when the sandbox was made. */
export type RootRecord = z.infer<typeof rootRecordSchema>;
