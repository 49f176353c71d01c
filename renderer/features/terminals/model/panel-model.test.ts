import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { terminalsOf, terminalTowards, type LayoutNode } from './layout.ts';
import {
  activeTab,
  cycleTab,
  focusTerminal,
  focusTowards,
  maxTerminalsInTab,
  moveBeside,
  moveTab,
  moveToOwnTab,
  renameTab,
  resizeSplit,
  setBroadcasting,
  shiftTab,
  withoutOne,
  withSplit,
  withTab,
  type PanelModel,
} from './panel-model.ts';
import { newTerminal } from './terminal.ts';

const empty: PanelModel = { terminals: {}, tabs: [], activeTabId: undefined };
const aTerminal = (id: string) => newTerminal({ sandbox: 'box', shell: '/bin/sh' }, id);

/** A tab for each text; `a|b` are side by side, each after the one before. */
function aModel(...tabs: string[]): PanelModel {
  return tabs.reduce((model, text) => {
    const [first = '', ...rest] = text.split('|');
    return rest.reduce(
      (split, id, index) => withSplit(split, rest[index - 1] ?? first, 'row', aTerminal(id)),
      withTab(model, aTerminal(first)),
    );
  }, empty);
}

const names = ({ tabs }: PanelModel) => tabs.map(({ layout }) => terminalsOf(layout).join('|'));

function checkLayout(layout: LayoutNode): void {
  if (layout.kind === 'leaf') return;
  expect(layout.children.length).toBeGreaterThan(1);
  expect(layout.sizes).toHaveLength(layout.children.length);
  expect(layout.sizes.every((size) => size > 0)).toBe(true);
  expect(layout.sizes.reduce((sum, size) => sum + size, 0)).toBeCloseTo(100, 6);
  for (const child of layout.children) {
    if (child.kind === 'split') expect(child.direction).not.toBe(layout.direction);
    checkLayout(child);
  }
}

/** What holds whatever was done. */
function check(model: PanelModel): void {
  const placed = model.tabs.flatMap(({ layout }) => terminalsOf(layout));
  expect([...placed].sort()).toEqual(Object.keys(model.terminals).sort());
  expect(new Set(model.tabs.map(({ id }) => id)).size).toBe(model.tabs.length);
  expect(activeTab(model) === undefined).toBe(model.tabs.length === 0);
  for (const { layout, focusedId, isBroadcasting } of model.tabs) {
    const inside = terminalsOf(layout);
    expect(inside).toContain(focusedId);
    expect(inside.length).toBeLessThanOrEqual(maxTerminalsInTab);
    if (layout.kind === 'leaf') expect(isBroadcasting).toBe(false);
    checkLayout(layout);
  }
}

describe('the terminals of the panel', () => {
  it('stay whole whatever is done with them', () => {
    const step = fc.record({
      action: fc.nat(11),
      a: fc.nat(20),
      b: fc.nat(20),
      isRow: fc.boolean(),
      direction: fc.constantFrom('left', 'right', 'up', 'down'),
      sizes: fc.array(fc.integer({ min: -5, max: 100 }), { maxLength: 4 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let model = empty;
        let count = 0;
        for (const { action, a, b, isRow, direction, sizes } of steps) {
          const ids = Object.keys(model.terminals);
          const [one, two] = [ids[a % ids.length] ?? 'none', ids[b % ids.length] ?? 'none'];
          const tab = model.tabs[a % model.tabs.length];
          const split = tab?.layout.kind === 'split' ? tab.layout.id : 'none';
          const next = `t${String(count)}`;
          count += 1;
          const along = isRow ? 'row' : 'column';
          const steps = [
            () => withTab(model, aTerminal(next)),
            () => withSplit(model, one, along, aTerminal(next)),
            () => withoutOne(model, one),
            () => moveBeside(model, one, two, along),
            () => moveToOwnTab(model, one),
            () => moveTab(model, tab?.id ?? 'none', b),
            () => shiftTab(model, tab?.id ?? 'none', b - 10),
            () => resizeSplit(model, split, sizes),
            () => focusTerminal(model, one),
            () => focusTowards(model, direction),
            () => cycleTab(model, b - 10),
            () => setBroadcasting(model, tab?.id ?? 'none', isRow),
          ];
          model = steps[action]?.() ?? model;
          check(model);
        }
      }),
    );
  });

  it('are split where they are, and share the area again when one goes', () => {
    let model = withSplit(aModel('a|b'), 'b', 'column', aTerminal('c'));
    expect(names(model)).toEqual(['a|b|c']);
    expect(model.tabs[0]?.layout).toMatchObject({
      direction: 'row',
      sizes: [50, 50],
      children: [{ terminalId: 'a' }, { direction: 'column', sizes: [50, 50] }],
    });
    model = withoutOne(model, 'b');
    expect(model.tabs[0]?.layout).toMatchObject({
      direction: 'row',
      children: [{ terminalId: 'a' }, { terminalId: 'c' }],
    });
  });

  it('halve the area in the same direction instead of nesting', () => {
    const layout = aModel('a|b|c').tabs[0]?.layout;
    expect(layout).toMatchObject({ direction: 'row', sizes: [50, 25, 25] });
  });

  it('give the keyboard to the neighbour when one goes', () => {
    const model = focusTerminal(aModel('a|b|c'), 'b');
    expect(activeTab(withoutOne(model, 'b'))?.focusedId).toBe('c');
    expect(activeTab(withoutOne(focusTerminal(model, 'c'), 'c'))?.focusedId).toBe('b');
    expect(activeTab(withoutOne(model, 'a'))?.focusedId).toBe('b');
  });

  it('are found in the direction in which they are', () => {
    const model = withSplit(aModel('a|b'), 'b', 'column', aTerminal('c'));
    const layout = model.tabs[0]?.layout;
    if (layout === undefined) throw new Error('There is a tab.');
    expect(terminalTowards(layout, 'a', 'right')).toBe('b');
    expect(terminalTowards(layout, 'b', 'down')).toBe('c');
    expect(terminalTowards(layout, 'c', 'up')).toBe('b');
    expect(terminalTowards(layout, 'c', 'left')).toBe('a');
    expect(terminalTowards(layout, 'a', 'left')).toBeUndefined();
  });

  it('move between tabs, and a tab without any goes', () => {
    const model = aModel('a', 'b|c');
    const moved = moveBeside(model, 'a', 'c', 'column');
    expect(names(moved)).toEqual(['b|c|a']);
    expect(activeTab(moved)?.focusedId).toBe('a');
    expect(names(moveToOwnTab(moved, 'c'))).toEqual(['b|a', 'c']);
  });

  it('are no more than a tab has room for', () => {
    const ids = Array.from({ length: maxTerminalsInTab }, (_, index) => `t${String(index)}`);
    const full = aModel(ids.join('|'));
    expect(withSplit(full, 't0', 'row', aTerminal('x'))).toBe(full);
  });
});

describe('tabs', () => {
  it('are put in another order and stop at the ends', () => {
    const model = aModel('a', 'b', 'c');
    const [a, , c] = model.tabs.map(({ id }) => id);
    expect(names(moveTab(model, c ?? '', 0))).toEqual(['c', 'a', 'b']);
    expect(names(shiftTab(model, a ?? '', -3))).toEqual(['a', 'b', 'c']);
    expect(names(shiftTab(model, a ?? '', 1))).toEqual(['b', 'a', 'c']);
  });

  it('are gone through in a circle', () => {
    const model = aModel('a', 'b', 'c');
    expect(activeTab(cycleTab(model, 1))?.focusedId).toBe('a');
    expect(activeTab(cycleTab(model, -1))?.focusedId).toBe('b');
    expect(cycleTab(empty, 1)).toEqual(empty);
  });

  it('have a name of their own, or that of their terminal again', () => {
    const model = aModel('a');
    const id = model.tabs[0]?.id ?? '';
    const named = renameTab(model, id, '  builds ');
    expect(named.tabs[0]?.name).toBe('builds');
    expect(renameTab(named, id, ' ').tabs[0]?.name).toBeUndefined();
  });

  it('broadcast only where there are several terminals, and no longer when one is left', () => {
    const single = aModel('a');
    const id = single.tabs[0]?.id ?? '';
    expect(setBroadcasting(single, id, true).tabs[0]?.isBroadcasting).toBe(false);
    const both = withSplit(single, 'a', 'row', aTerminal('b'));
    const on = setBroadcasting(both, id, true);
    expect(on.tabs[0]?.isBroadcasting).toBe(true);
    expect(withoutOne(on, 'b').tabs[0]?.isBroadcasting).toBe(false);
  });
});
