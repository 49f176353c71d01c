import type { snapshots as english } from '../en/snapshots.ts';
import type { Translated } from '../translated.ts';

/** German of `snapshots`. */
export const snapshots: Translated<typeof english> = {
  title: 'Snapshots',
  asking: 'Der Host-Prozess wird gefragt …',
  emptyTitle: 'Noch kein Snapshot von {{name}}',
  empty:
    'Ein Snapshot hält ihre Disk fest und, wenn sie läuft, ihren Arbeitsspeicher: zum Zurückkehren oder Verzweigen.',
  tree: 'Snapshots und Zweige von {{name}}',
  here: 'hier',
  gone: 'ihre Sandbox {{name}} gibt es nicht mehr',
  beginning: 'Anfang',
  beginningOf: 'wie in {{image}}',
  withMemory: 'mit Arbeitsspeicher',
  memoryUnusable: 'sein Arbeitsspeicher ist hier nicht verwendbar',
  branchedFrom: 'Zweig von {{name}}',
  ownSize: '{{size}} eigen',
  what: 'Was ausgewählt ist',
  unfold: 'Zeigen oder verbergen, was hier abzweigt',
  renaming: 'Neuer Name von {{name}}',
  facts: {
    taken: 'Aufgenommen',
    of: 'Von',
    after: 'Nach',
    disk: 'Disk',
    diskSizes: '{{own}} eigen, {{shared}} mit anderen geteilt',
    memory: 'Arbeitsspeicher',
    noMemory: 'keiner: nur ihre Disk',
    state: 'Zustand',
    from: 'Geht weiter von',
    began: 'Begann mit',
  },
  actions: {
    take: 'Snapshot aufnehmen',
    branch: 'Verzweigen …',
    restore: 'Zurücksetzen …',
    rename: 'Umbenennen',
    remove: 'Entfernen …',
    open: '{{name}} öffnen',
    changesBefore: 'Änderungen davor',
    changesSince: 'Änderungen seitdem',
  },
  compare: {
    title: 'Von {{from}} bis {{to}}',
    label: 'Geänderte Dateien',
    now: '{{name}} jetzt',
    note: 'Was {{to}} anders hat als {{from}}.',
    comparing: 'Wird verglichen …',
    noneTitle: 'Kein Unterschied',
    none: 'Jede Datei ist in beiden gleich.',
    close: 'Vergleich schließen',
    again: 'Erneut vergleichen',
  },
  take: { title: 'Snapshot von {{name}} aufnehmen', name: 'Name', submit: 'Snapshot aufnehmen' },
  memory: {
    keep: 'Mit Arbeitsspeicher',
    keepHelp:
      'Die Sandbox steht währenddessen still. Was läuft, läuft nach dem Zurücksetzen genau von hier weiter.',
    goOn: 'Mit Arbeitsspeicher weiterlaufen',
    goOnHelp: 'Was läuft, läuft in jeder weiter. Ohne starten sie von der Disk.',
    restore: 'Mit Arbeitsspeicher weiterlaufen',
    restoreHelp: 'Ohne wird nur ihre Disk zurückgesetzt und die Sandbox gestoppt.',
    diskAlone: 'Nur die Disk.',
    notRunning: 'Sie läuft nicht; im Arbeitsspeicher ist also nichts.',
    shares:
      'Verzeichnisse dieses Hosts sind mit ihr geteilt, und das lässt sich nicht mit dem Arbeitsspeicher festhalten.',
    none: 'Der Snapshot hat keinen Arbeitsspeicher.',
  },
  branch: {
    title: '{{name}} verzweigen',
    titleOf: 'Von {{name}} verzweigen',
    what: 'Neue Sandboxes, die von hier weitergehen, jede mit eigenem Namen, eigener Identität und eigenem Netzwerk.',
    count: 'Anzahl',
    names: 'Namen',
    namesHelp: 'Je Zeile einer.',
    tooMany: 'Höchstens {{count}} auf einmal.',
    submit_one: '{{count}} Zweig anlegen',
    submit_other: '{{count}} Zweige anlegen',
  },
  restore: {
    title: '{{sandbox}} auf {{name}} zurücksetzen?',
    submit: 'Zurücksetzen',
    submitAfter: 'Snapshot aufnehmen und zurücksetzen',
    goes: '<strong>Gelöscht wird:</strong> jede Änderung ihrer Disk seit ihrem letzten Snapshot. Das lässt sich nicht rückgängig machen.',
    goesKept:
      '<strong>Gelöscht wird:</strong> nichts auf ihrer Disk: zuerst wird ein Snapshot des jetzigen Stands aufgenommen.',
    goesMemory: '<strong>Es endet:</strong> was jetzt in ihr läuft, und ihre Terminals.',
    stays:
      '<strong>Erhalten bleiben:</strong> jeder Snapshot und Zweig, und ihre Volumes, wie sie jetzt sind.',
    keep: 'Zuerst einen Snapshot aufnehmen',
    keepHelp: 'Damit es einen Weg zurück gibt. Schlägt das fehl, wird nichts zurückgesetzt.',
  },
  remove: {
    title: 'Den Snapshot {{name}} entfernen?',
    submit: 'Entfernen',
    frees:
      '<strong>Gelöscht wird:</strong> der Snapshot; danach sind {{size}} frei. Das lässt sich nicht rückgängig machen.',
    stays:
      '<strong>Erhalten bleiben:</strong> die {{size}}, die er mit anderen teilt, und jede Sandbox und jeder Snapshot, die von ihm weitergehen.',
  },
  problem: {
    nameTaken: 'Der Name „{{name}}“ ist vergeben.',
    twice: '„{{name}}“ ist doppelt vorhanden.',
    ofName: '{{name}}: {{problem}}',
  },
};
