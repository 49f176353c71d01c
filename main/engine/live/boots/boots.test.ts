import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { keptBoots } from '../../../contract/boot-timeline.ts';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { BootHistory } from './boot-history.ts';
import { BootRecorder } from './boot-steps.ts';

describe('BootRecorder', () => {
  it('measures steps that overlap, one that fails, and names the longest', async () => {
    let nowMs = 100;
    const recorder = new BootRecorder(7, () => nowMs);
    const outer = recorder.measure('outer', 'Outer', async () => {
      nowMs += 10;
      await recorder.measure('inner', 'Inner', () => {
        nowMs += 30.04;
        return Promise.resolve();
      });
      return 'result';
    });
    expect(await outer).toBe('result');
    const failing = recorder.measure('failing', 'Failing', () => {
      nowMs += 5;
      return Promise.reject(new Error('No.'));
    });
    await expect(failing).rejects.toThrow('No.');
    expect(recorder.finish('It did not boot.')).toEqual({
      ...{ startedAtMs: 7, totalMs: 45, slowest: 'outer', failure: 'It did not boot.' },
      steps: [
        { key: 'outer', label: 'Outer', startMs: 0, durationMs: 40 },
        { key: 'inner', label: 'Inner', startMs: 10, durationMs: 30 },
        { key: 'failing', label: 'Failing', startMs: 40, durationMs: 5 },
      ],
    });
  });

  it('measures work whose parts come one after the other, also up to where it fails', async () => {
    let nowMs = 0;
    const recorder = new BootRecorder(0, () => nowMs);
    const work = recorder.measureParts({ key: 'spawn', label: 'Spawn' }, (onPart) => {
      nowMs = 10;
      onPart({ key: 'connect', label: 'Connect' });
      nowMs = 15;
      return Promise.reject(new Error('No.'));
    });
    await expect(work).rejects.toThrow('No.');
    expect(recorder.finish().steps).toEqual([
      { key: 'spawn', label: 'Spawn', startMs: 0, durationMs: 10 },
      { key: 'connect', label: 'Connect', startMs: 10, durationMs: 5 },
    ]);
  });

  it('divides a step where the guest knows better, and does not believe everything', async () => {
    let nowMs = 0;
    const recorder = new BootRecorder(0, () => nowMs);
    await recorder.measure('firmware', 'Load', () => {
      nowMs = 100;
      return Promise.resolve();
    });
    for (const wrong of [0, -5, 100, 1e9])
      recorder.splitEnd('firmware', { key: 'x', label: 'X' }, wrong);
    recorder.splitEnd('nothing', { key: 'x', label: 'X' }, 5);
    recorder.splitEnd('firmware', { key: 'kernel', label: 'Boot' }, 70);
    expect(recorder.finish()).toMatchObject({
      slowest: 'kernel',
      steps: [
        { key: 'firmware', startMs: 0, durationMs: 30 },
        { key: 'kernel', startMs: 30, durationMs: 70 },
      ],
    });
  });

  it('has no slowest step where there is none', () => {
    expect(new BootRecorder(0, () => 0).finish()).toEqual({
      startedAtMs: 0,
      totalMs: 0,
      steps: [],
    });
  });
});

describe('BootHistory', () => {
  const temporary = useTemporaryDirectory();

  it('keeps the latest starts, the last one first, for the next host process', async () => {
    const file = path.join(temporary.path, 'boots.json');
    const history = new BootHistory(file);
    await history.load();
    for (let at = 1; at <= keptBoots + 5; at++) {
      history.add({ startedAtMs: at, totalMs: 1, steps: [] });
    }
    await history.saved();
    const next = new BootHistory(file);
    await next.load();
    expect(next.list()).toEqual(history.list());
    expect(next.list()).toHaveLength(keptBoots);
    expect(next.list()[0]?.startedAtMs).toBe(keptBoots + 5);
  });
});
