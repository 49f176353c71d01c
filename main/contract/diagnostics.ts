/** What is handed to someone who helps: readable text, without secrets, shown before it goes anywhere. */
import { z } from 'zod';

/** All of a bundle, at most, in bytes. */
export const maxDiagnosticsBytes = 4 * 1024 * 1024;

/** One file of a bundle. */
export const diagnosticsFileSchema = z.object({
  /** `host.json`, `sandboxes/web/console.log`. */
  path: z.string(),
  text: z.string(),
  /** Its beginning was left out. */
  isCut: z.boolean(),
});

/** See {@link diagnosticsFileSchema}. */
export type DiagnosticsFile = z.infer<typeof diagnosticsFileSchema>;

/** A bundle. */
export const diagnosticsSchema = z.object({
  /** `skerry-diagnostics-2026-01-31T12-00-00.tar` */
  fileName: z.string(),
  files: z.array(diagnosticsFileSchema),
  /** What was taken out, in words with counts: `12 values of variables`. */
  redactions: z.array(z.string()),
});

/** See {@link diagnosticsSchema}. */
export type Diagnostics = z.infer<typeof diagnosticsSchema>;
