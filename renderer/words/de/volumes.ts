import type { volumes as english } from '../en/volumes.ts';
import type { Translated } from '../translated.ts';

/** German of `volumes`. */
export const volumes: Translated<typeof english> = {
  title: 'Volumes',
  make: 'Ein Volume anlegen',
  name: 'Name des Volumes',
  nameHelp: 'Eine Sandbox, die ein Volume mit neuem Namen einbindet, legt es ebenfalls an.',
  submit: 'Anlegen',
  emptyTitle: 'Noch keine Volumes',
  empty:
    'Ein benanntes Volume ist ein Verzeichnis, das Sandboxes einbinden und das sie überdauert: ein Cache, ein Arbeitsbereich, die Daten eines Servers.',
  table: {
    name: 'Name',
    usedBy: 'Verwendet von',
    size: 'Größe',
    path: 'Pfad',
    made: 'Angelegt',
    actions: 'Aktionen',
    nobody: 'niemandem',
    measure: '{{name}} messen',
    copyPath: 'Pfad des Volumes',
    remove: '{{name}} entfernen',
  },
  remove: {
    title: '{{name}} entfernen?',
    confirm: 'Entfernen',
    goes: '<strong>Gelöscht wird:</strong> jede Datei darin. Das lässt sich nicht rückgängig machen.',
  },
};
