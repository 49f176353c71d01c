/** Images from and to elsewhere: files, other programs, builds, suggestions. */
import { z } from 'zod';
import { imagePrograms } from './image-programs.ts';

/** A program of the user's that builds or keeps images. */
export const imageProgramSchema = z.enum(imagePrograms);

/** See {@link imageProgramSchema}. */
export type ImageProgram = z.infer<typeof imageProgramSchema>;

/** A program that was found on this machine. */
export const foundProgramSchema = z.object({
  program: imageProgramSchema,
  version: z.string(),
  canBuild: z.boolean(),
  /** Whether its images can be listed and imported. */
  hasImages: z.boolean(),
  /** Why it cannot be used, where it cannot: `docker` without its daemon. */
  problem: z.string().optional(),
});

/** See {@link foundProgramSchema}. */
export type FoundProgram = z.infer<typeof foundProgramSchema>;

/** An image that another program on this machine keeps. */
export const localImageSchema = z.object({
  program: imageProgramSchema,
  reference: z.string(),
  id: z.string(),
  sizeBytes: z.number().optional(),
});

/** See {@link localImageSchema}. */
export type LocalImage = z.infer<typeof localImageSchema>;

/** Archive formats: an OCI layout in a tar (image-layout.md), or what `docker save` writes. */
export const archiveFormatSchema = z.enum(['oci', 'docker']);

/** See {@link archiveFormatSchema}. */
export type ArchiveFormat = z.infer<typeof archiveFormatSchema>;

/** What is offered for what has been typed in an image field. */
export const imageSuggestionsSchema = z.object({
  suggestions: z.array(
    z.object({
      reference: z.string(),
      /** `store`: it is here. `recent`: a sandbox had it. `registry`: a tag of the registry. */
      source: z.enum(['store', 'recent', 'registry']),
    }),
  ),
  /** Why the registry's tags are not among them; one sentence. */
  problem: z.string().optional(),
});

/** See {@link imageSuggestionsSchema}. */
export type ImageSuggestions = z.infer<typeof imageSuggestionsSchema>;
