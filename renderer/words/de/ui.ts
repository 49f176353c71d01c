import type { ui as english } from '../en/ui.ts';
import type { Translated } from '../translated.ts';

/** German of `ui`. */
export const ui: Translated<typeof english> = {
  ago: {
    justNow: 'gerade eben',
    minutes: 'vor {{amount}} min',
    hours: 'vor {{amount}} h',
    days_one: 'vor {{count}} Tag',
    days_other: 'vor {{count}} Tagen',
    months_one: 'vor {{count}} Monat',
    months_other: 'vor {{count}} Monaten',
    years_one: 'vor {{count}} Jahr',
    years_other: 'vor {{count}} Jahren',
  },
  amount: {
    slider: '{{label}}, Schieberegler',
  },
  cancel: 'Abbrechen',
  changed: {
    words: { added: 'hinzugefügt', modified: 'verändert', removed: 'entfernt' },
    of: { added: 'Hinzugefügt', modified: 'Verändert', removed: 'Entfernt' },
    inside: 'etwas darin hat sich geändert',
    noMatch: 'Kein Pfad enthält das.',
    filter: 'Pfade filtern',
    all: 'Alle',
    truncated: 'Nur die ersten {{count}} sind zu sehen; es gibt mehr.',
    kind: 'Art der Änderung',
  },
  copied: 'Kopiert',
  copy: '{{what}} kopieren',
  copyReport: 'Bericht kopieren',
  details: 'Einzelheiten',
  dismiss: 'Ausblenden',
  openLayer: 'Offene Menüs und Tooltips',
  path: {
    choose: 'Auswählen: {{label}}',
    showAll: 'Vorhandenes anzeigen',
  },
};
