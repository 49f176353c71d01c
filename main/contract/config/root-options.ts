/** How a root that is not an OCI image is used. */
import { z } from 'zod';

/** Formats of disk images that can be a root. */
export const diskFormatSchema = z.enum(
  ['raw', 'qcow2', 'vmdk'],
  'A disk image is "raw", "qcow2" or "vmdk".',
);

/** For a directory or a disk image as `image`; an OCI image takes none of these. */
export const rootOptionsSchema = z
  .strictObject({
    /**
     * Of a directory. `rw`: the sandbox sees and changes these very files. `ro`: it sees them, and
     * what it changes goes to a disk of its own above them.
     */
    access: z
      .enum(['ro', 'rw'], 'Access is "ro" or "rw".')
      .optional()
      .describe('Of a directory: rw changes its files, ro keeps changes on a disk of the sandbox.'),
    /** Of a disk image: what its content is; looked at when unset. */
    format: diskFormatSchema
      .optional()
      .describe('Of a disk image: what its content is; looked at when unset.'),
    /** Of a disk image: number of the partition that is the root; found when unset. */
    partition: z
      .int('A partition is a number from 1 to 128.')
      .min(1, 'A partition is a number from 1 to 128.')
      .max(128, 'A partition is a number from 1 to 128.')
      .optional()
      .describe('Of a disk image: number of the partition that is the root; found when unset.'),
    /** Of a disk image: leave it as it is and write to an overlay (qcow2) of the sandbox. */
    fork: z
      .boolean()
      .optional()
      .describe('Of a disk image: leave it as it is and write to an overlay.'),
    /** Of a disk image: other files that it names as its backing may be opened as well. */
    allowBackingFiles: z
      .boolean()
      .optional()
      .describe('Of a disk image: files that it names as its backing may be opened as well.'),
  })
  .prefault({})
  .describe(
    'How a directory or a disk image is used as the root; an OCI image takes none of these.',
  );

/** See {@link rootOptionsSchema}. */
export type RootOptions = z.output<typeof rootOptionsSchema>;
