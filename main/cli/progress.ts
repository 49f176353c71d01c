import type { Operation, Stage } from '../contract/operation.ts';
import { estimateLeftMs, nextStageRate, type StageRate } from '../contract/stage-rate.ts';
import { formatAge, formatBytes, printable } from './format.ts';

/** Shows the stages of an operation; on a terminal alone. */
export interface Progress {
  show(operation: Operation): void;
  end(): void;
}

/** Each stage gets a line when it is done; what is under way is repainted below. */
export function createProgress(terminal: NodeJS.WriteStream): Progress {
  if (!terminal.isTTY) return { show: () => undefined, end: () => undefined };
  const written = new Set<string>();
  const rates = new Map<string, StageRate>();
  const describeActive = (stage: Stage): string => {
    const { key, bytesDone } = stage;
    if (bytesDone !== undefined) {
      rates.set(key, nextStageRate(rates.get(key), bytesDone, Date.now()));
    }
    return describeStage(stage, rates.get(key));
  };
  const eraseLine = '\r\u001b[K';
  return {
    show: ({ stages }) => {
      let text = eraseLine;
      for (const stage of stages) {
        if (written.has(stage.key) || !['done', 'failed'].includes(stage.state)) continue;
        written.add(stage.key);
        text += `${describeStage(stage)}\n`;
        rates.delete(stage.key);
      }
      const active = stages.filter(({ state }) => state === 'active').map(describeActive);
      terminal.write(text + active.join('   ').slice(0, Math.max(0, terminal.columns - 1)));
    },
    end: () => {
      terminal.write(eraseLine);
    },
  };
}

/** As {@link createProgress}, beside other lines: each stage gets one when it is done, no more. */
export function createLineProgress(terminal: NodeJS.WriteStream): Progress {
  const written = new Set<string>();
  return {
    show: ({ stages }) => {
      if (!terminal.isTTY) return;
      for (const stage of stages) {
        if (written.has(stage.key) || !['done', 'failed'].includes(stage.state)) continue;
        written.add(stage.key);
        terminal.write(`${describeStage(stage)}\n`);
      }
    },
    end: () => undefined,
  };
}

/** `✓ Boot  0.8 s`, `● Pull layer 1/2  3 MiB of 40 MiB  12 MiB/s  3 s left`. */
export function describeStage(stage: Stage, rate?: StageRate): string {
  const marks = { waiting: '○', active: '●', done: '✓', failed: '✗', skipped: '-' } as const;
  const parts = [`${marks[stage.state]} ${printable(stage.label)}`];
  const { bytesDone, bytesTotal, startedAtMs, endedAtMs, note } = stage;
  if (stage.state === 'active' && bytesDone !== undefined) {
    const total = bytesTotal === undefined ? '' : ` of ${formatBytes(bytesTotal)}`;
    parts.push(`${formatBytes(bytesDone)}${total}`);
    if (rate?.bytesPerSecond !== undefined) parts.push(`${formatBytes(rate.bytesPerSecond)}/s`);
    const leftMs = estimateLeftMs(stage, rate);
    if (leftMs !== undefined && leftMs > 0) parts.push(`${formatAge(0, leftMs)} left`);
  }
  if (startedAtMs !== undefined && endedAtMs !== undefined) {
    parts.push(`${((endedAtMs - startedAtMs) / 1000).toFixed(1)} s`);
  }
  if (note !== undefined) parts.push(printable(note));
  return parts.join('  ');
}
