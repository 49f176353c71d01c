/**
 * What the page's settings mean for the rest of the desktop app. The page has the settings and tells
 * them when it is there; a file remembers them for the time before that.
 */
import { app } from 'electron';
import { z } from 'zod';
import { channels } from './channels.ts';
import { chooseDesktopLanguage, desktopLanguages } from './desktop-words.ts';
import { onTrustedMessage } from './ipc-guard.ts';
import { readSmallFile, writeSmallFile } from './small-file.ts';

const preferencesSchema = z.strictObject({
  language: z.enum(desktopLanguages),
  /** Whether closing the window ends the app, or leaves it in the tray. */
  whenClosed: z.enum(['quit', 'tray']),
});

/** See the fields of the schema. */
export type DesktopPreferences = z.infer<typeof preferencesSchema>;

/** Those of the last run, or of a first one; the app must be ready. */
export function readPreferences(file: string): DesktopPreferences {
  return (
    readSmallFile(file, preferencesSchema) ?? {
      language: chooseDesktopLanguage(app.getPreferredSystemLanguages()),
      whenClosed: 'quit',
    }
  );
}

/** Hears the page's settings from now on, and remembers them. What makes no sense is dropped. */
export function followPreferences(
  file: string,
  onChange: (preferences: DesktopPreferences) => void,
): void {
  onTrustedMessage(channels.preferences, (_event, told) => {
    const preferences = preferencesSchema.safeParse(told);
    if (!preferences.success) return;
    writeSmallFile(file, preferences.data);
    onChange(preferences.data);
  });
}
