import { z } from 'zod';
import { acceleratorSchema } from './sandbox.ts';

/** One thing this machine was asked: what came of it, the evidence, and the command that mends it. */
export const hostCheckSchema = z.object({
  /** Stable: `kvm`, `qemu`, `guest-assets`, `disk-space`, `state-directory`, `shares`, `echoes`. */
  id: z.string(),
  title: z.string(),
  result: z.enum(['pass', 'warn', 'fail']),
  /** What was seen, in words with the values. */
  evidence: z.string(),
  /** A command line that mends it, ready to copy. */
  fix: z.string().optional(),
});

/** See {@link hostCheckSchema}. */
export type HostCheck = z.infer<typeof hostCheckSchema>;

/** What this machine can do and which host process serves it. */
export const hostReportSchema = z.object({
  version: z.string(),
  platform: z.string(),
  cpus: z.number(),
  memoryMiB: z.number(),
  accelerator: acceleratorSchema,
  /** One sentence for the user where emulation makes sandboxes slow. */
  acceleratorNote: z.string().optional(),
  stateDir: z.string(),
  checks: z.array(hostCheckSchema),
  /** The host process that owns the state directory, if one runs. */
  host: z.object({ pid: z.number(), socket: z.string() }).nullable(),
});

/** See {@link hostReportSchema}. */
export type HostReport = z.infer<typeof hostReportSchema>;
