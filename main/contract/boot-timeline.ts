/** Where the time of a start went. */
import { z } from 'zod';

/** Starts that are kept of a sandbox. */
export const keptBoots = 20;

/** One step of a start. Steps may overlap. */
export const bootStepSchema = z.object({
  /** Stable: `config`, `assets`, `disks`, `prepare`, `qemu`, `monitor`, `restore`, `kernel`, `agent`, `root`, `network`, … */
  key: z.string(),
  label: z.string(),
  /** From the request. */
  startMs: z.number(),
  durationMs: z.number(),
  /** What came of it, where that is not what is usual; in English. */
  detail: z.string().optional(),
});

/** See {@link bootStepSchema}. */
export type BootStep = z.infer<typeof bootStepSchema>;

/** One start of a sandbox. */
export const bootTimelineSchema = z.object({
  startedAtMs: z.number(),
  /** From the request to a working agent. */
  totalMs: z.number(),
  steps: z.array(bootStepSchema),
  /** Key of the step that took longest. */
  slowest: z.string().optional(),
  /** It failed, in words; the steps are those that were reached. */
  failure: z.string().optional(),
});

/** See {@link bootTimelineSchema}. */
export type BootTimeline = z.infer<typeof bootTimelineSchema>;
