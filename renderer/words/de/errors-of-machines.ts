/** German of the errors of sandboxes, their machines, networks, sessions, and of the host process. */
export const machineErrors = {
  'sandbox/name-invalid': {
    title: 'Der Name ist ungültig',
    hint: 'Höchstens 64 Buchstaben, Ziffern, „.“, „_“ und „-“ verwenden, am Anfang Buchstabe oder Ziffer.',
  },
  'sandbox/name-taken': {
    title: 'Der Name ist vergeben',
    hint: 'Einen anderen Namen wählen oder die Sandbox entfernen, die ihn hat.',
  },
  'sandbox/not-found': {
    title: 'Diese Sandbox gibt es nicht',
    hint: 'Die Sandboxes mit `skerry ls` auflisten.',
  },
  'sandbox/not-running': {
    title: 'Die Sandbox läuft nicht',
    hint: 'Sie zuerst starten.',
  },
  'sandbox/running': {
    title: 'Die Sandbox läuft',
    hint: 'Sie zuerst stoppen oder das Entfernen erzwingen.',
  },
  'sandbox/busy': {
    title: 'Die Sandbox ist beschäftigt',
    hint: 'Die laufende Aufgabe abwarten oder abbrechen.',
  },
  'sandbox/record-unreadable': {
    title: 'Der Eintrag der Sandbox ist nicht lesbar',
    hint: 'Den genannten Ordner beiseitelegen oder seine sandbox.json wiederherstellen.',
  },
  'network/port-in-use': {
    title: 'Der Port ist belegt',
    hint: 'Einen anderen Port veröffentlichen oder das Programm beenden, das ihn hat.',
  },
  'network/port-unavailable': {
    title: 'Der Port ist nicht verwendbar',
    hint: 'Eine Adresse dieses Rechners und einen Port über 1023 wählen.',
  },
  'network/not-published': {
    title: 'Der Port ist nicht veröffentlicht',
    hint: 'Die Ports mit `skerry port ls` auflisten.',
  },
  'network/gateway-failed': {
    title: 'Das Netzwerk der Sandbox ist ausgefallen',
    hint: 'Es startet von selbst wieder; bleibt es dabei, die Sandbox neu starten.',
  },
  'vm/accelerator-unusable': {
    title: 'Hardware-Virtualisierung ist nicht verwendbar',
    hint: 'Die Seite „Host“ ansehen oder `skerry doctor` ausführen.',
  },
  'vm/qemu-missing': {
    title: 'QEMU ist nicht installiert',
    hint: '`skerry doctor` ausführen; es nennt den Befehl, der QEMU installiert.',
  },
  'vm/assets-missing': {
    title: 'Der Gast-Kernel ist nicht vorhanden',
    hint: '`npm start` ausführen; es baut, was der Gast braucht.',
  },
  'vm/start-failed': {
    title: 'Die virtuelle Maschine ist nicht gestartet',
    hint: 'Die letzten Zeilen ihres Protokolls lesen; sie stehen in den Einzelheiten.',
  },
  'vm/crashed': {
    title: 'Die virtuelle Maschine endete unerwartet',
    hint: 'Die letzten Zeilen ihrer Konsole lesen, dann die Sandbox wieder starten.',
  },
  'vm/unsupported': {
    title: 'Dieser Treiber kann das nicht',
    hint: 'Einen Host verwenden, der es kann.',
  },
  'agent/timeout': {
    title: 'Der Gast hat nicht rechtzeitig geantwortet',
    hint: 'Die letzten Zeilen seiner Konsole lesen, dann die Sandbox wieder starten.',
  },
  'agent/protocol': {
    title: 'Der Gast hat das Agent-Protokoll verletzt',
    hint: 'Die Sandbox neu starten; dem nicht vertrauen, was in ihr läuft.',
  },
  'agent/disconnected': {
    title: 'Die Verbindung zum Gast ist abgerissen',
    hint: 'Nachsehen, ob die Sandbox noch läuft.',
  },
  'agent/setup-failed': {
    title: 'Der Gast konnte sein Wurzelverzeichnis nicht zusammensetzen',
    hint: 'Die Meldung lesen; sie enthält den Schritt und den Fehler des Gast-Kernels.',
  },
  'exec/not-found': {
    title: 'Der Befehl wurde in der Sandbox nicht gefunden',
    hint: 'Den Namen prüfen und ob das Image ihn enthält.',
  },
  'exec/not-executable': {
    title: 'Der Befehl ist nicht ausführbar',
    hint: 'Seine Berechtigungen und seinen Interpreter prüfen.',
  },
  'exec/bad-workdir': {
    title: 'Das Arbeitsverzeichnis ist nicht zugänglich',
    hint: 'Ein Verzeichnis wählen, das es in der Sandbox gibt.',
  },
  'exec/bad-user': {
    title: 'Den Benutzer gibt es in der Sandbox nicht',
    hint: 'Einen Benutzer des Images oder eine numerische ID wählen.',
  },
  'exec/failed': {
    title: 'Der Befehl ließ sich nicht starten',
    hint: 'Die Meldung lesen; sie enthält den Fehler des Gast-Kernels.',
  },
  'session/not-found': {
    title: 'Diese Sitzung gibt es nicht',
    hint: 'Sie ist vielleicht beendet; eine neue öffnen.',
  },
  'session/taken-over': {
    title: 'Ein anderes Fenster hat die Sitzung übernommen',
    hint: 'Wieder verbinden, um sie zurückzuholen.',
  },
  'session/protocol': {
    title: 'Der Client einer Sitzung hat die Regeln ihres Kanals verletzt',
    hint: 'Das Fenster neu laden; bleibt es dabei, einen Client derselben Version wie der Host-Prozess verwenden.',
  },
  'operation/not-found': {
    title: 'Diese Aufgabe gibt es nicht',
    hint: 'Sie ist vielleicht beendet.',
  },
  'operation/cancelled': {
    title: 'Die Aufgabe wurde abgebrochen',
    hint: 'Sie bei Bedarf erneut starten.',
  },
  'host/already-running': {
    title: 'Ein anderes Skerry verwendet dieses Zustandsverzeichnis',
    hint: 'Das laufende verwenden oder mit SKERRY_HOME ein anderes Verzeichnis angeben.',
  },
  'host/runtime-dir-unsafe': {
    title: 'Das Verzeichnis für Sockets ist nicht privat',
    hint: 'Das genannte Verzeichnis entfernen oder klären, wer es angelegt hat.',
  },
  'host/unreachable': {
    title: 'Der Host-Prozess antwortet nicht',
    hint: 'Ihn mit `skerry serve` starten.',
  },
  'host/port-unavailable': {
    title: 'Der Port ist nicht verwendbar',
    hint: 'Mit `--port` einen anderen wählen oder ihn weglassen, um irgendeinen freien zu nehmen.',
  },
  'host/path-too-long': {
    title: 'Der Pfad eines Sockets ist für dieses System zu lang',
    hint: 'Ein kürzeres Verzeichnis für SKERRY_HOME oder XDG_RUNTIME_DIR wählen.',
  },
  'host/not-allowed': {
    title: 'Die Anfrage war nicht erlaubt',
    hint: 'Die Adresse öffnen, die `skerry serve` ausgegeben hat.',
  },
  'terminal/no-command': {
    title: 'Es gibt keinen Befehl skerry, der in einem Terminal laufen könnte',
    hint: 'Ein Terminal des Fensters verwenden oder Skerry aus seinem Repository starten.',
  },
  'terminal/no-display': {
    title: 'Der Host-Prozess hat keine Anzeige',
    hint: 'Den Befehl kopieren und in einem Terminal jenes Rechners ausführen oder Skerry von dessen Desktop aus starten.',
  },
  'terminal/no-emulator': {
    title: 'Es wurde kein Terminal-Emulator gefunden',
    hint: 'Unter Einstellungen > Terminals einen angeben, xterm installieren oder den Befehl kopieren und in irgendeinem Terminal ausführen.',
  },
  'terminal/failed': {
    title: 'Der Terminal-Emulator ist nicht gestartet',
    hint: 'Unter Einstellungen > Terminals einen anderen angeben oder den Befehl kopieren und in irgendeinem Terminal ausführen.',
  },
  'internal/unexpected': {
    title: 'In Skerry ist etwas schiefgegangen',
    hint: 'Den Bericht kopieren und ein Issue eröffnen.',
  },
} as const;
