import type { settings as english } from '../en/settings.ts';
import type { Translated } from '../translated.ts';

/** German of `settings`. */
export const settings: Translated<typeof english> = {
  title: 'Einstellungen',
  backToDefault: 'Zurück zum Standard',
  backToDefaultOf: 'Zurück zum Standard: {{group}}',
  appearance: {
    title: 'Darstellung',
    theme: 'Design',
    themeHelp: 'Des Fensters; Terminals haben eigene Farben.',
    system: 'Wie das System',
    light: 'Hell',
    dark: 'Dunkel',
    language: 'Sprache',
    languageHelp: 'Antworten des Host-Prozesses, etwa Fehler, sind auf Englisch.',
    languageOfSystem: 'Wie das System',
  },
  terminals: {
    title: 'Terminals',
    readAloud: 'Terminaltext für Screenreader',
    readAloudHelp:
      'Schreibt aus, was auf dem Bildschirm steht; kostet etwas Tempo, wenn viel ausgegeben wird.',
  },
  window: {
    title: 'Fenster',
    whenClosed: 'Beim Schließen des Fensters',
    whenClosedHelp:
      'Sandboxes laufen in jedem Fall weiter. Im Infobereich meldet Skerry auch, was endet.',
    quit: 'Skerry beenden',
    tray: 'Im Infobereich weiterlaufen',
  },
  notifications: {
    title: 'Benachrichtigungen',
    notifiesOfOperations: 'Beendete Arbeiten',
    notifiesOfOperationsHelp:
      'Ein Pull, ein Build, ein Start: was daraus wurde, während niemand auf das Fenster sah.',
    notifiesOfCrashes: 'Abgestürzte Sandboxes',
    notifiesOfCrashesHelp: 'Eine Sandbox wurde unerwartet beendet.',
    willAsk: 'Der Browser fragt einmal, ob er Benachrichtigungen zeigen darf.',
    denied:
      'Der Browser lehnt Benachrichtigungen dieser Adresse ab. Die Website-Einstellungen neben der Adresse erlauben sie.',
    absent: 'Dieser Browser kennt keine Benachrichtigungen.',
  },
  keyboard: {
    title: 'Tastatur',
    singleKeys: 'Befehle mit einzelnen Tasten',
    singleKeysHelp:
      'Etwa ? für die Tastenkürzel und G S für die Sandboxes, außerhalb von Eingabefeldern.',
    show: 'Alle Tastenkürzel zeigen',
  },
  about: {
    title: 'Über Skerry',
    version: 'Skerry',
    licence: 'Lizenz',
    stateFolder: 'Datenverzeichnis',
    platform: 'Rechner',
    copyVersion: 'Version',
    copyStateFolder: 'Datenverzeichnis',
    host: 'Prüfungen dieses Rechners',
    diagnostics: 'Diagnose …',
  },
};
