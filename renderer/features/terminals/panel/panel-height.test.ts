import { describe, expect, it } from 'vitest';
import { clampPanelHeight, panelHeightAfterKey, panelRange } from './panel-height.ts';

describe('the height of the panel', () => {
  it('leaves the page a third of the window', () => {
    expect(clampPanelHeight(5_000, 1_000)).toBe(650);
    expect(clampPanelHeight(10, 1_000)).toBe(96);
    expect(clampPanelHeight(300.4, 1_000)).toBe(300);
  });

  it('has a range even in a window that is too low', () => {
    expect(panelRange(50)).toEqual({ min: 96, max: 96 });
  });

  it('follows the keys of a separator', () => {
    expect(panelHeightAfterKey('ArrowUp', 300, 1_000)).toBe(324);
    expect(panelHeightAfterKey('ArrowDown', 300, 1_000)).toBe(276);
    expect(panelHeightAfterKey('Home', 300, 1_000)).toBe(96);
    expect(panelHeightAfterKey('End', 300, 1_000)).toBe(650);
    expect(panelHeightAfterKey('a', 300, 1_000)).toBeUndefined();
  });
});
