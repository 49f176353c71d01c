/** German of the errors of machines that are paused, kept and gone on with. */
export const snapshotErrors = {
  'vm/save-failed': {
    title: 'Die Maschine ließ sich nicht sichern',
    hint: 'Sie läuft weiter wie zuvor; das Protokoll ihres Monitors ansehen.',
  },
  'vm/restore-failed': {
    title: 'Die Maschine konnte nicht weiterlaufen, wo sie gesichert wurde',
    hint: 'Sie von ihrer Disk starten.',
  },
  'sandbox/paused': {
    title: 'Die Sandbox ist pausiert',
    hint: 'Sie zuerst fortsetzen.',
  },
  'sandbox/suspended': {
    title: 'Die Sandbox ist im Ruhezustand',
    hint: 'Sie zuerst starten; sie läuft weiter, wo sie war.',
  },
  'suspend/not-possible': {
    title: 'Der Ruhezustand ist nicht möglich',
    hint: 'Sie stattdessen stoppen; was auf ihrer Disk ist, bleibt.',
  },
  'suspend/unusable': {
    title: 'Der Ruhezustand lässt sich nicht beenden',
    hint: 'Sie von ihrer Disk starten; der Inhalt ihres Arbeitsspeichers geht verloren.',
  },
  'snapshot/not-found': {
    title: 'Diesen Snapshot gibt es nicht',
    hint: 'Die vorhandenen mit `skerry snapshots` auflisten.',
  },
  'snapshot/name-taken': {
    title: 'Der Name ist vergeben',
    hint: 'Einen anderen Namen wählen oder den Snapshot entfernen, der ihn hat.',
  },
  'snapshot/not-possible': {
    title: 'Ein Snapshot ist nicht möglich',
    hint: 'Einen der Disk allein aufnehmen oder die Sandbox zuerst stoppen.',
  },
  'snapshot/not-compared': {
    title: 'Die beiden wurden noch nicht verglichen',
    hint: 'Sie zuerst vergleichen.',
  },
  'snapshot/damaged': {
    title: 'Der Snapshot ist beschädigt',
    hint: 'Ihn entfernen; was andere mit ihm teilen, bleibt.',
  },
  'snapshot/memory-unusable': {
    title: 'Der Arbeitsspeicher des Snapshots ist hier nicht verwendbar',
    hint: 'Nur seine Disk verwenden.',
  },
} as const;
