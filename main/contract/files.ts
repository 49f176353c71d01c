/** The files of a sandbox, as its running guest sees them; every path is the guest's. */
import { z } from 'zod';
import { operationSchema } from './operation.ts';
import { sandboxNameSchema } from './sandbox-name.ts';
import { sessionSchema } from './session.ts';

/** Entries of one answer, at most. */
export const maxListedFiles = 10_000;
/** Largest text that is read or written whole, to be edited, in bytes. */
export const maxEditedBytes = 1024 * 1024;

/** Absolute, without NUL; what it leads to is for the guest to say. */
const guestFilePathSchema = z
  .string()
  .max(4096)
  .regex(/^\/[^\0]*$/, 'A path begins with / and has no NUL.');

/** How a file stands against the image: only where the root is an overlay above one. */
export const fileChangeSchema = z.enum(['added', 'modified', 'removed']);

/** See {@link fileChangeSchema}. */
export type FileChange = z.infer<typeof fileChangeSchema>;

/** One file of a directory. Names are the guest's bytes, read as UTF-8. */
export const fileEntrySchema = z.object({
  name: z.string(),
  kind: z.enum([
    ...(['file', 'directory', 'symlink'] as const),
    ...(['fifo', 'socket', 'character-device', 'block-device'] as const),
  ]),
  sizeBytes: z.number(),
  /** Permission bits with setuid, setgid and sticky: 0 to 0o7777. */
  mode: z.number(),
  uid: z.number(),
  gid: z.number(),
  /** As the guest's /etc/passwd and /etc/group name them. */
  user: z.string().optional(),
  group: z.string().optional(),
  modifiedAtMs: z.number(),
  /** Of a symlink, as it is written. */
  target: z.string().optional(),
  /** Of a symlink: what it leads to is a directory. */
  leadsToDirectory: z.boolean().optional(),
  /** Of a directory: of itself, or `modified` where something below it has changed. */
  change: fileChangeSchema.optional(),
});

/** See {@link fileEntrySchema}. */
export type FileEntry = z.infer<typeof fileEntrySchema>;

/** A directory's entries, directories first, by name. */
export const fileListSchema = z.object({
  entries: z.array(fileEntrySchema),
  /** The directory has more than {@link maxListedFiles}. */
  isTruncated: z.boolean(),
});

/** See {@link fileListSchema}. */
export type FileList = z.infer<typeof fileListSchema>;

/** The text of a small file. */
export const fileTextSchema = z.object({
  text: z.string(),
  /** What was read; a write that names it fails where the file has changed since. Opaque. */
  version: z.string(),
  entry: fileEntrySchema,
});

/** See {@link fileTextSchema}. */
export type FileText = z.infer<typeof fileTextSchema>;

/** One path that differs from the image. */
export const changedFileSchema = z.object({
  path: z.string(),
  change: fileChangeSchema,
  kind: fileEntrySchema.shape.kind.optional(),
  sizeBytes: z.number().optional(),
});

/** See {@link changedFileSchema}. */
export type ChangedFile = z.infer<typeof changedFileSchema>;

/** What a sandbox has that its image has not, by path; at most {@link maxListedFiles}. */
export const changedFilesSchema = z.object({
  files: z.array(changedFileSchema),
  isTruncated: z.boolean(),
});

/** See {@link changedFilesSchema}. */
export type ChangedFiles = z.infer<typeof changedFilesSchema>;

/** Exit code of a transfer that has done all but what its stderr says was left out. */
export const leftOutExitCode = 202;

/**
 * A tar stream on its way in or out. Its bytes cross the session's channel (`session-frames.ts`):
 * of an upload they are the input, of a download the stdout; exit code 0 says that all of it was
 * done, {@link leftOutExitCode} that what could not be read was left out, and stderr says in lines
 * what was not. The operation counts the bytes and can be cancelled.
 */
export const fileTransferSchema = z.object({ session: sessionSchema, operation: operationSchema });

/** See {@link fileTransferSchema}. */
export type FileTransfer = z.infer<typeof fileTransferSchema>;

const byPath = z.strictObject({ name: sandboxNameSchema, path: guestFilePathSchema });

/** What the procedures of files take. */
export const fileInputs = {
  byPath,
  /** Fails with `file/changed` where the file is not the `version` any more; a new file without one. */
  write: byPath.extend({ text: z.string().max(maxEditedBytes), version: z.string().optional() }),
  rename: byPath.extend({ to: guestFilePathSchema, replace: z.boolean().default(false) }),
  /** Without `recursive` a directory that is not empty stays. */
  remove: byPath.extend({ recursive: z.boolean().default(false) }),
  makeDirectory: byPath.extend({ parents: z.boolean().default(false) }),
  setMode: byPath.extend({
    mode: z.int().min(0).max(0o7777),
    recursive: z.boolean().default(false),
  }),
  setOwner: byPath.extend({
    /** `USER`, `USER:GROUP` or `:GROUP`, by name or number. */
    owner: z.string().min(1).max(200),
    recursive: z.boolean().default(false),
  }),
  /** Paths are in the tar by their last part; `contents` puts what is in the one directory instead. */
  download: z.strictObject({
    name: sandboxNameSchema,
    paths: z.array(guestFilePathSchema).min(1).max(1000),
    contents: z.boolean().default(false),
    /** A path that is a link brings what it leads to. */
    follow: z.boolean().default(false),
  }),
  /** Unpacks into the directory, which has to be there. Nothing of the tar leads out of it. */
  upload: byPath.extend({
    /** What the tar will have, for progress. */
    totalBytes: z.int().min(0).optional(),
    /** Owners as the tar has them; the sandbox's user without it. */
    keepOwners: z.boolean().default(false),
  }),
} as const;
