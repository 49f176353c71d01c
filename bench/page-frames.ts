import type { Page } from '@playwright/test';

/** Milliseconds from one frame of a page to the next, for so many frames. */
export function frameTimes(page: Page, count: number): Promise<number[]> {
  return page.evaluate<number[]>(
    `new Promise((resolve) => {
      const times = [];
      let last;
      const onFrame = (now) => {
        if (last !== undefined) times.push(now - last);
        last = now;
        if (times.length < ${String(count)}) requestAnimationFrame(onFrame);
        else resolve(times);
      };
      requestAnimationFrame(onFrame);
    })`,
  );
}
