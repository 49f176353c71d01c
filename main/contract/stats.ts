/** What a sandbox uses, second by second. */
import { z } from 'zod';

/** Seconds between two samples, and how many of these are kept: ten minutes. */
export const statsIntervalSeconds = 1;
export const keptSamples = 600;
/** Seconds between two of the thinned ones, and how many of these: the hour. */
export const thinnedIntervalSeconds = 10;
export const keptThinnedSamples = 360;

/** One second of a sandbox. What is not known is left out: a guest that does not answer tells less. */
export const statsSampleSchema = z.object({
  atMs: z.number(),
  /** Of one processor of the host: 200 is two of them, all the time. */
  cpuPercent: z.number(),
  /** Resident in the host's memory, what the machine itself needs included. */
  hostMemoryBytes: z.number(),
  /** In the guest: used by programs, without what its kernel would give back. */
  guestMemoryBytes: z.number().optional(),
  guestMemoryTotalBytes: z.number().optional(),
  /** Of the disks, as the machine does them on the host. */
  diskReadBytesPerSecond: z.number(),
  diskWriteBytesPerSecond: z.number(),
  /** Of the root's filesystem, as the guest sees it. */
  diskUsedBytes: z.number().optional(),
  diskTotalBytes: z.number().optional(),
  /** From the guest's side: what it receives and sends. */
  networkReceivedBytesPerSecond: z.number(),
  networkSentBytesPerSecond: z.number(),
  /** Processes in the guest. */
  processes: z.number().optional(),
});

/** See {@link statsSampleSchema}. */
export type StatsSample = z.infer<typeof statsSampleSchema>;

/** First the history, then each sample. */
export const statsEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('history'),
    /** Oldest first; of before the ten minutes, averages of {@link thinnedIntervalSeconds}. */
    thinned: z.array(statsSampleSchema),
    samples: z.array(statsSampleSchema),
  }),
  z.object({ type: z.literal('sample'), sample: statsSampleSchema }),
]);

/** See {@link statsEventSchema}. */
export type StatsEvent = z.infer<typeof statsEventSchema>;

/** The latest sample of every sandbox that runs, by its name. */
export const statsOverviewSchema = z.record(z.string(), statsSampleSchema);

/** See {@link statsOverviewSchema}. */
export type StatsOverview = z.infer<typeof statsOverviewSchema>;

/** A process of the guest, by the guest's own word; the threads of its kernel are none. */
export const processSchema = z.object({
  pid: z.number(),
  parentPid: z.number(),
  userId: z.number(),
  /** A letter, as Linux has it: `R` runs, `S` sleeps, `D` waits for a disk, … */
  state: z.string(),
  residentBytes: z.number(),
  /** On processors, since it began. */
  cpuMs: z.number(),
  /** Its name. */
  command: z.string(),
});

/** See {@link processSchema}. */
export type Process = z.infer<typeof processSchema>;
