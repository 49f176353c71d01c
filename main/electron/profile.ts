/** Electron's profile folder: its window state, its instance lock, and the log beside them. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { app } from 'electron';
import { silentLogger, type Logger } from '../engine/index.ts';
import { createFileLogger } from '../server/file-logger.ts';

/**
 * Gives a state directory that the user named a profile of its own, so that it has its own window
 * and instance. Without a name, or where nothing can be written there, it is the user's usual one.
 */
export function useProfileOf(namedStateDir: string | undefined): void {
  if (namedStateDir === undefined || namedStateDir === '') return;
  const profile = path.join(path.resolve(namedStateDir), 'desktop');
  try {
    mkdirSync(profile, { recursive: true, mode: 0o700 });
    app.setPath('userData', profile);
  } catch {
    // The engine will say what is wrong with the directory, in the window.
  }
}

/** Where the log of this profile is. */
export function profileLogFile(): string {
  return path.join(app.getPath('userData'), 'logs', 'desktop.log');
}

/** The log of this profile. A folder that cannot be written must not keep the window away. */
export function openProfileLog(): Logger {
  try {
    return createFileLogger(profileLogFile(), !app.isPackaged);
  } catch {
    return silentLogger;
  }
}
