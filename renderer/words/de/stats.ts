import type { stats as english } from '../en/stats.ts';
import type { Translated } from '../translated.ts';

/** German of `stats`. */
export const stats: Translated<typeof english> = {
  title: 'Auslastung',
  asking: 'Der Verbrauch von {{name}} wird abgefragt …',
  range: 'Gezeigte Zeit',
  ranges: { minutes: 'Letzte 10 Minuten', hour: 'Letzte Stunde' },
  now: 'Jetzt',
  moment: 'Um {{time}}',
  paused: 'Angehalten um {{time}}',
  pause: 'Anhalten',
  resume: 'Fortsetzen',
  graphs: { cpu: 'CPU', memory: 'Arbeitsspeicher', disk: 'Disk', network: 'Netzwerk' },
  lines: {
    cpu: 'der eigenen CPUs',
    guestMemory: 'im Gast belegt',
    hostMemory: 'auf dem Host belegt',
    diskRead: 'gelesen',
    diskWrite: 'geschrieben',
    networkIn: 'eingehend',
    networkOut: 'ausgehend',
  },
  graphLabel: '{{title}} im Verlauf: {{said}}',
  processes_one: '{{count}} Prozess',
  processes_other: '{{count}} Prozesse',
  memoryTotal: 'insgesamt {{total}}',
  diskUsed: '{{used}} von {{total}} sind belegt',
  asTable: 'Als Tabelle',
  tableLabel: 'Verbrauch im Verlauf',
  time: 'Zeit',
  emptyTitle: 'Noch nichts gemessen',
  empty:
    'Solange die Sandbox läuft, werden CPU, Arbeitsspeicher, Disk und Netzwerk jede Sekunde gemessen und eine Stunde lang aufbewahrt.',
};
