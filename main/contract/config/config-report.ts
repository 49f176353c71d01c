import { z } from 'zod';
import { sandboxConfigFields } from '../sandbox-config.ts';
import { diskFormatSchema } from './root-options.ts';

/** What the `image` of a configuration turned out to be. */
export const rootFactsSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('image'), reference: z.string(), isStored: z.boolean() }),
  z.object({ kind: z.literal('directory'), path: z.string() }),
  z.object({
    kind: z.literal('disk'),
    path: z.string(),
    /** By its content, unless the configuration says it. */
    format: diskFormatSchema,
    /** As the guest sees it. */
    virtualBytes: z.number(),
    /** Other files that are opened with it, the nearest first. */
    backingFiles: z.array(z.string()),
  }),
]);

/** See {@link rootFactsSchema}. */
export type RootFacts = z.infer<typeof rootFactsSchema>;

/** Something about one field, in one sentence. */
const remarkSchema = z.object({
  /** `memoryMiB`, `volumes./data.bind`, `patches.0.source`; empty where the whole is meant. */
  path: z.string(),
  message: z.string(),
});

/** See {@link remarkSchema}. */
export type ConfigRemark = z.infer<typeof remarkSchema>;

/** What came of looking at a configuration without making anything of it. */
export const configReportSchema = z.object({
  /** Complete and normalised; absent while a field is wrong by itself. */
  config: z.strictObject(sandboxConfigFields).optional(),
  /** Everything that keeps a sandbox from being made of it. */
  problems: z.array(remarkSchema),
  /** What is right and worth knowing before. */
  notes: z.array(remarkSchema),
  root: rootFactsSchema.optional(),
});

/** See {@link configReportSchema}. */
export type ConfigReport = z.infer<typeof configReportSchema>;
