import type { create as english } from '../en/create.ts';
import type { Translated } from '../translated.ts';
import { createForm } from './create-form.ts';

/** German of `create`. */
export const create: Translated<typeof english> = {
  title: 'Neue Sandbox',
  submit: 'Erstellen',
  submitting: 'Wird erstellt …',
  presetUnusable: 'Die Vorlage „{{name}}“ ist nicht verwendbar. {{problems}}',
  form: createForm,
  cpus_one: '{{count}} CPU',
  cpus_other: '{{count}} CPUs',
  problem: {
    path: 'Ein Pfad dieses Hosts beginnt mit „/“ oder „~/“.',
    nameTaken: 'Der Name „{{name}}“ ist vergeben.',
    memory: 'Dieser Rechner hat {{memory}} MiB.',
    twice: '„{{name}}“ ist doppelt vorhanden.',
    notNameValue: 'Zeile {{line}} ist nicht NAME=Wert.',
  },
  summary: {
    title: 'Zusammenfassung',
    commandLine: 'Befehlszeile',
    copyCommandLine: 'Befehlszeile',
    correct_one: 'Das markierte Feld korrigieren.',
    correct_other: 'Die markierten Felder korrigieren.',
    disk: '{{size}} Disk',
    volumes_one: '{{count}} Volume',
    volumes_other: '{{count}} Volumes',
    scripts_one: '{{count}} Skript',
    scripts_other: '{{count}} Skripte',
    patches_one: '{{count}} Patch',
    patches_other: '{{count}} Patches',
    variables_one: '{{count}} Variable',
    variables_other: '{{count}} Variablen',
  },
  file: {
    import: 'Importieren',
    export: 'Exportieren',
    label: 'Konfigurationsdatei',
  },
  presets: {
    label: 'Vorlagen',
    remove: 'Die Vorlage {{name}} entfernen',
    saveAs: 'Als Vorlage speichern',
    name: 'Name der Vorlage',
    nameHelp: 'Alles in diesem Formular außer dem Namen der Sandbox.',
    save: 'Speichern',
  },
  edit: {
    title: '{{name}} bearbeiten',
    stays:
      'Der Name, das Wurzelverzeichnis (<image/>) und die Patches bleiben, wie sie beim Erstellen der Sandbox waren. Für einen anderen Namen die Sandbox duplizieren.',
    changes: 'Änderungen',
    correct: 'Die markierten Felder korrigieren.',
    save: 'Speichern',
    nothing: 'Nichts hat sich geändert.',
    now: 'sofort',
    nextStart: 'beim nächsten Start',
    newSandbox: 'braucht eine neue Sandbox',
  },
  duplicate: {
    title: '{{name}} duplizieren',
    label: 'Duplizieren',
    name: 'Name der Kopie',
    nameTaken: 'Der Name ist vergeben.',
    withDisk: 'Mit ihrer Disk',
    withDiskHelp: 'Jede Datei, die darin geschrieben wurde; ohne sie beginnt die Kopie von vorn.',
    stopFirst: 'Die Disk lässt sich kopieren, sobald die Sandbox gestoppt ist.',
    submit: 'Duplizieren',
  },
  memoryLoss: {
    title: { stop: '{{name}} stoppen?', startFromDisk: '{{name}} von der Disk starten?' },
    confirm: { stop: 'Stoppen', startFromDisk: 'Von der Disk starten' },
    goes: '<strong>Gelöscht werden:</strong> die {{size}} ihres Arbeitsspeichers und damit jedes Programm, das lief. Das lässt sich nicht rückgängig machen.',
    stays: '<strong>Erhalten bleibt:</strong> ihre Disk, wie nach einem Stromausfall.',
  },
  remove: {
    title: '{{name}} entfernen?',
    confirm: 'Entfernen',
    alive: {
      creating: 'Sie wird erstellt. Sie wird zuerst gestoppt, und ihre Terminals enden.',
      starting: 'Sie startet. Sie wird zuerst gestoppt, und ihre Terminals enden.',
      running: 'Sie läuft. Sie wird zuerst gestoppt, und ihre Terminals enden.',
      paused: 'Sie ist pausiert. Sie wird zuerst gestoppt, und ihre Terminals enden.',
      suspending:
        'Sie geht in den Ruhezustand. Sie wird zuerst gestoppt, und ihre Terminals enden.',
      suspended: 'Sie ist im Ruhezustand. Der Inhalt ihres Arbeitsspeichers geht verloren.',
      stopping: 'Sie stoppt. Sie wird zuerst gestoppt, und ihre Terminals enden.',
    },
    goesDisk:
      '<strong>Gelöscht wird:</strong> ihre Disk von {{size}} mit jeder Datei, die darin geschrieben wurde. Das lässt sich nicht rückgängig machen.',
    goesOverlay:
      '<strong>Gelöscht wird:</strong> ihr Overlay der Disk mit jeder Datei, die darin geschrieben wurde. Das lässt sich nicht rückgängig machen.',
    goesRecord:
      '<strong>Gelöscht werden:</strong> ihr Eintrag und ihr Protokoll. Das lässt sich nicht rückgängig machen.',
    staysImage: '<strong>Erhalten bleibt:</strong> das Image <root/> im Speicher.',
    staysImageVolumes:
      '<strong>Erhalten bleibt:</strong> das Image <root/> im Speicher und was auf ihre Volumes geschrieben wurde.',
    staysRoot: '<strong>Erhalten bleibt:</strong> <root/>.',
    staysRootVolumes:
      '<strong>Erhalten bleibt:</strong> <root/> und was auf ihre Volumes geschrieben wurde.',
  },
};
