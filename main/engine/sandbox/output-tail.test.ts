import { expect, it } from 'vitest';
import { OutputTail } from './output-tail.ts';

it('keeps the end of an endless output, within its bounds', () => {
  const tail = new OutputTail();
  const line = `${'x'.repeat(1023)}\n`;
  for (let count = 0; count < 4096; count += 1) tail.add(line);
  tail.add('the end\n');
  let kept = '';
  tail.on((text) => {
    kept += text;
  });
  expect(kept.length).toBeLessThanOrEqual(512 * 1024 + 2);
  expect(kept.length).toBeGreaterThanOrEqual(256 * 1024);
  expect(kept.startsWith('…\n')).toBe(true);
  expect(kept.endsWith('x\nthe end\n')).toBe(true);
});

it('is silent about nothing', () => {
  const tail = new OutputTail();
  const heard: string[] = [];
  tail.on((text) => heard.push(text));
  tail.add('');
  expect(tail.isEmpty).toBe(true);
  expect(heard).toEqual([]);
});
