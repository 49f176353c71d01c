import type { Page } from '@playwright/test';

/** Heap, buffers and elements of a page, once what it no longer uses is collected. */
export async function usedBytes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  // What ends with one collection may let go of buffers that the next one frees.
  for (let turn = 0; turn < 3; turn += 1) {
    await page.waitForTimeout(200);
    await session.send('HeapProfiler.collectGarbage');
  }
  const usage: { usedSize: number; embedderHeapUsedSize?: number; backingStorageSize?: number } =
    await session.send('Runtime.getHeapUsage');
  await session.detach();
  const { usedSize, embedderHeapUsedSize, backingStorageSize } = usage;
  if (embedderHeapUsedSize === undefined || backingStorageSize === undefined) {
    throw new Error('This Chromium does not tell the size of buffers; version 130 or later does.');
  }
  return usedSize + embedderHeapUsedSize + backingStorageSize;
}
