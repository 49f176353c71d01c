import { describe, expect, it } from 'vitest';
import { overlay } from './overlay.ts';

class Counter {
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(by: number): number {
    this.#count += by;
    return this.#count;
  }

  name(): string {
    return 'counter';
  }
}

describe('overlay', () => {
  it('replaces what is named, and leaves the rest to the one below', () => {
    const below = new Counter();
    const above = overlay(below, { name: () => 'another' });
    expect(above.name()).toBe('another');
    expect(above.add(2)).toBe(2);
    expect(below.add(1)).toBe(3);
    expect(above.count).toBe(3);
    expect(above).toBeInstanceOf(Counter);
  });
});
