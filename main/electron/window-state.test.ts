import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  fitToDisplays,
  initialWindowState,
  readWindowState,
  writeWindowState,
  type WindowState,
} from './window-state.ts';

let dir: string;
const file = () => path.join(dir, 'window.json');

beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'skerry-window-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

const state: WindowState = {
  version: 1,
  bounds: { x: 100, y: 50, width: 1000, height: 700 },
  maximized: true,
};
const screen = { x: 0, y: 0, width: 1920, height: 1080 };

describe('window state', () => {
  it('is read as it was written, and no draft stays behind', () => {
    writeWindowState(file(), state);
    expect(readWindowState(file())).toEqual(state);
    expect(readdirSync(dir)).toEqual(['window.json']);
  });

  it.each([
    ['none', undefined],
    ['an empty one', ''],
    ['half a one', '{"version":1,"bounds":{'],
    ['one of another version', JSON.stringify({ ...state, version: 2 })],
    ['one with a window too small', JSON.stringify({ ...state, bounds: { width: 1, height: 1 } })],
    [
      'one with absurd numbers',
      JSON.stringify({ ...state, bounds: { ...state.bounds, x: 1e300 } }),
    ],
  ])('is the initial one where the file is %s', (_what, content) => {
    if (content !== undefined) writeFileSync(file(), content);
    expect(readWindowState(file())).toEqual(initialWindowState);
  });

  it('is not kept where the folder cannot be written, and nothing fails', () => {
    const nowhere = path.join(dir, 'missing', 'window.json');
    writeWindowState(nowhere, state);
    expect(readWindowState(nowhere)).toEqual(initialWindowState);
  });

  it('stays where it is while its title bar can be reached', () => {
    expect(fitToDisplays(state, [screen])).toEqual(state);
    const onSecond = { ...state, bounds: { ...state.bounds, x: 2500 } };
    expect(fitToDisplays(onSecond, [screen, { ...screen, x: 1920 }])).toEqual(onSecond);
  });

  it.each([
    ['right of every screen', { x: 2500, y: 50 }],
    ['left of every screen', { x: -990, y: 50 }],
    ['below every screen', { x: 100, y: 1070 }],
    ['above every screen', { x: 100, y: -20 }],
  ])('is placed anew where it lies %s, and keeps its size', (_where, position) => {
    const lost = { ...state, bounds: { ...state.bounds, ...position } };
    expect(fitToDisplays(lost, [screen])).toEqual({
      ...state,
      bounds: { width: 1000, height: 700 },
    });
  });
});
