/** The latest starts of the in-memory host's sandboxes. */
import type { BootTimeline } from '../../../main/contract/boot-timeline.ts';
import type { Sandbox } from '../../../main/contract/sandbox.ts';

const steps = [
  { key: 'config', label: 'Read the configuration', startMs: 0, durationMs: 4 },
  { key: 'disks', label: 'Prepare the disks', startMs: 4, durationMs: 61 },
  { key: 'network', label: 'Start the gateway', startMs: 10, durationMs: 92 },
  { key: 'qemu', label: 'Start QEMU', startMs: 66, durationMs: 118 },
  { key: 'kernel', label: 'Boot the kernel', startMs: 184, durationMs: 521 },
  { key: 'agent', label: 'Wait for the agent', startMs: 640, durationMs: 96 },
  { key: 'root', label: 'Assemble the root', startMs: 736, durationMs: 176 },
] as const;

/** The last one first; the fifth failed. */
export function fakeBoots({ startedAtMs, createdAtMs }: Sandbox): BootTimeline[] {
  const latest = startedAtMs ?? createdAtMs;
  return Array.from({ length: 8 }, (_, index) => {
    const factor = 1 + 0.08 * Math.sin(index * 3);
    const isFailed = index === 4;
    const reached = steps.slice(0, isFailed ? 5 : steps.length).map((step) => ({
      ...step,
      startMs: Math.round(step.startMs * factor),
      durationMs: Math.round(step.durationMs * factor),
    }));
    return {
      startedAtMs: latest - index * 5_400_000,
      totalMs: Math.round(912 * factor),
      steps: reached,
      slowest: 'kernel',
      ...(isFailed ? { failure: 'The agent did not answer within 30 s.' } : {}),
    };
  });
}
