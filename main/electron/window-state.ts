/** Where the window was: its bounds and whether it filled the screen, kept in one small file. */
import type { Rectangle } from 'electron';
import { z } from 'zod';
import { readSmallFile, writeSmallFile } from './small-file.ts';

/** Smallest window in which every page is usable, in device-independent pixels. */
export const minWindowSize = { width: 900, height: 600 } as const;

const pixel = z.int().min(-100_000).max(100_000);

const windowStateSchema = z.object({
  version: z.literal(1),
  bounds: z.object({
    x: pixel.optional(),
    y: pixel.optional(),
    width: z.int().min(minWindowSize.width).max(100_000),
    height: z.int().min(minWindowSize.height).max(100_000),
  }),
  maximized: z.boolean(),
});

/** See the file's header. Without `x` and `y` the system places the window. */
export type WindowState = z.infer<typeof windowStateSchema>;

/** The state of a first start. */
export const initialWindowState: WindowState = {
  version: 1,
  bounds: { width: 1280, height: 840 },
  maximized: false,
};

/** Reads the file; a missing or damaged one is as good as none. */
export function readWindowState(file: string): WindowState {
  return readSmallFile(file, windowStateSchema) ?? initialWindowState;
}

/** Writes the file whole or not at all. A disk that cannot be written costs only the memory. */
export function writeWindowState(file: string, state: WindowState): void {
  writeSmallFile(file, state);
}

/** Part of the title bar that must be on a screen for the window to be moved by hand, in pixels. */
const reachable = 64;

/** The state as it fits the screens of now: a window that lies outside is placed anew. */
export function fitToDisplays(state: WindowState, workAreas: readonly Rectangle[]): WindowState {
  const { x, y, width, height } = state.bounds;
  if (x === undefined || y === undefined) return state;
  const onScreen = workAreas.some(
    (area) =>
      x + width >= area.x + reachable &&
      x <= area.x + area.width - reachable &&
      y >= area.y &&
      y <= area.y + area.height - reachable,
  );
  return onScreen ? state : { ...state, bounds: { width, height } };
}
