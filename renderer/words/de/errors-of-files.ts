/** German of the errors of configurations, roots, volumes, patches, files and commands. */
export const fileErrors = {
  'config/invalid': {
    title: 'Die Konfiguration ist ungültig',
    hint: 'Die genannten Felder korrigieren.',
  },
  'config/unreadable': {
    title: 'Die Konfiguration ist nicht lesbar',
    hint: 'Die genannte Zeile korrigieren.',
  },
  'config/needs-new-sandbox': {
    title: 'Eine Änderung braucht eine neue Sandbox',
    hint: 'Die Sandbox mit dem neuen Wert duplizieren oder das Feld lassen, wie es war.',
  },
  'root/not-found': {
    title: 'Das Wurzelverzeichnis ist nicht vorhanden',
    hint: 'Den Pfad des Verzeichnisses oder Disk-Images prüfen.',
  },
  'root/unsupported': {
    title: 'Das Wurzelverzeichnis ist nicht verwendbar',
    hint: 'Ein Verzeichnis oder ein Disk-Image im Format raw, qcow2 oder vmdk verwenden.',
  },
  'root/backing-refused': {
    title: 'Das Disk-Image verweist auf andere Dateien',
    hint: 'Die genannten Dateien ansehen; sind sie vertrauenswürdig, Basisdateien zulassen.',
  },
  'root/in-use': {
    title: 'Die Disk wird verwendet',
    hint: 'Die genannte Sandbox stoppen oder einen Fork der Disk verwenden.',
  },
  'volume/source-missing': {
    title: 'Die Quelle eines Volumes ist nicht vorhanden',
    hint: 'Den Pfad auf dem Host prüfen.',
  },
  'volume/not-found': {
    title: 'Dieses Volume gibt es nicht',
    hint: 'Die Volumes mit `skerry volume ls` auflisten.',
  },
  'volume/in-use': {
    title: 'Das Volume wird verwendet',
    hint: 'Zuerst die genannten Sandboxes entfernen oder das Entfernen des Volumes erzwingen.',
  },
  'share/unavailable': {
    title: 'Dieser Host kann keine Verzeichnisse mit einer Sandbox teilen',
    hint: 'Mit `skerry doctor` feststellen, was fehlt.',
  },
  'patch/source-missing': {
    title: 'Die Quelle eines Patches lässt sich nicht kopieren',
    hint: 'Den Pfad auf dem Host prüfen.',
  },
  'patch/failed': {
    title: 'Ein Patch ließ sich nicht anwenden',
    hint: 'Den genannten Patch korrigieren.',
  },
  'preset/not-found': {
    title: 'Diese Vorlage gibt es nicht',
    hint: 'Die Vorlagen mit `skerry presets` auflisten.',
  },
  'file/not-found': {
    title: 'Diese Datei gibt es in der Sandbox nicht',
    hint: 'Das Verzeichnis erneut ansehen; sie wurde vielleicht umbenannt oder entfernt.',
  },
  'file/exists': {
    title: 'Eine Datei dieses Namens gibt es schon',
    hint: 'Einen anderen Namen wählen oder sie ersetzen.',
  },
  'file/denied': {
    title: 'Die Sandbox erlaubt das nicht',
    hint: 'Die Berechtigungen ansehen; ein schreibgeschütztes Volume nimmt keine Änderungen an.',
  },
  'file/wrong-kind': {
    title: 'Die Datei ist von anderer Art',
    hint: 'Ein Verzeichnis war nötig, wo keines ist, oder umgekehrt.',
  },
  'file/not-empty': {
    title: 'Das Verzeichnis ist nicht leer',
    hint: 'Auch seinen Inhalt entfernen, wenn es wegsoll.',
  },
  'file/too-large': {
    title: 'Die Datei ist zu groß, um sie hier zu öffnen',
    hint: 'Sie stattdessen herunterladen.',
  },
  'file/not-text': {
    title: 'Die Datei ist kein Text',
    hint: 'Sie stattdessen herunterladen.',
  },
  'file/changed': {
    title: 'Die Datei hat sich seit dem Öffnen geändert',
    hint: 'Ihren jetzigen Stand ansehen, dann überschreiben oder den Text anderswo sichern.',
  },
  'file/no-space': {
    title: 'Die Disk der Sandbox ist voll',
    hint: 'Etwas darin entfernen oder ihr eine größere Disk geben.',
  },
  'file/archive-invalid': {
    title: 'Das Archiv ließ sich nicht entpacken',
    hint: 'Die Meldung lesen; was schon entpackt wurde, bleibt.',
  },
  'file/failed': {
    title: 'Die Sandbox konnte das mit der Datei nicht tun',
    hint: 'Die Meldung lesen; sie enthält den Fehler des Gast-Kernels.',
  },
  'file/unreadable-here': {
    title: 'Eine Datei dieses Rechners konnte nicht gelesen werden',
    hint: 'Seit der Auswahl hat sie sich wohl geändert oder ist fort; sie noch einmal auswählen.',
  },
  'file/not-saved': {
    title: 'Das Heruntergeladene konnte nicht gespeichert werden',
    hint: 'Weniger auf einmal herunterladen oder „skerry cp“ in einem Terminal dieses Rechners verwenden.',
  },
  'command/not-found': {
    title: 'Diesen Lauf eines Befehls gibt es nicht',
    hint: 'Er ist vielleicht späteren gewichen.',
  },
  'command/invalid': {
    title: 'Der Befehl lässt sich so nicht ausführen',
    hint: 'Eine Zeile für die Shell, ein Skript der Sandbox oder einen Befehl mit Argumenten angeben.',
  },
} as const;
