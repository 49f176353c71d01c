import { z } from 'zod';
import { rootFactsSchema } from './config/config-report.ts';
import { errorDataSchema } from './error.ts';
import { sandboxConfigSchema } from './sandbox-config.ts';

/** `crashed` is stopped without having been asked to. */
export const sandboxStateSchema = z.enum([
  'creating',
  'starting',
  'running',
  'stopping',
  'stopped',
  'crashed',
]);

/** See {@link sandboxStateSchema}. */
export type SandboxState = z.infer<typeof sandboxStateSchema>;

/** What runs the virtual CPUs: hardware (`kvm`, `hvf`) or software emulation (`tcg`), which is slow. */
export const acceleratorSchema = z.enum(['kvm', 'hvf', 'tcg']);

/** See {@link acceleratorSchema}. */
export type Accelerator = z.infer<typeof acceleratorSchema>;

/** A sandbox as clients see it. */
export const sandboxSchema = z.object({
  /** Stable for the sandbox's whole life; a new sandbox of the same name has another one. */
  id: z.string(),
  name: z.string(),
  state: sandboxStateSchema,
  config: sandboxConfigSchema,
  /** Digest of the image's manifest, pinned at creation; absent until the image is there. */
  imageDigest: z.string().optional(),
  /** What its root is made of; absent until that is known. */
  root: rootFactsSchema.optional(),
  /** How directories of the host reach the guest of the present run; absent where none do. */
  sharedBy: z.enum(['virtiofs', '9p']).optional(),
  createdAtMs: z.number(),
  /** Of the present run. */
  startedAtMs: z.number().optional(),
  /** Milliseconds from the request to a working agent, of the present run. */
  bootMs: z.number().optional(),
  accelerator: acceleratorSchema.optional(),
  /** Process id of the virtual machine on the host. */
  vmPid: z.number().optional(),
  /** `up`: packets of the guest are served. `down`: not at the moment. `none`: it does not run. */
  network: z.enum(['up', 'down', 'none']),
  /** Why the last run ended, when it was not asked to. */
  lastError: errorDataSchema.optional(),
});

/** See {@link sandboxSchema}. */
export type Sandbox = z.infer<typeof sandboxSchema>;
