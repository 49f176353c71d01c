/** German of the errors of images, registries, credentials and the store. */
export const imageErrors = {
  'image/reference-invalid': {
    title: 'Die Image-Referenz ist ungültig',
    hint: 'Sie als name, name:tag oder registry/name@sha256:digest schreiben.',
  },
  'image/not-found': {
    title: 'Das Image wurde nicht gefunden',
    hint: 'Den Namen und das Tag prüfen.',
  },
  'image/in-use': {
    title: 'Das Image wird verwendet',
    hint: 'Zuerst die genannten Sandboxes entfernen oder das Entfernen des Images erzwingen.',
  },
  'image/archive-invalid': {
    title: 'Die Datei ist kein Archiv von Images',
    hint: 'Verwenden, was `docker save` oder `podman save` schreibt, oder ein OCI-Layout.',
  },
  'image/path-unusable': {
    title: 'Der Pfad ist nicht verwendbar',
    hint: 'Den Pfad und seine Berechtigungen prüfen.',
  },
  'image/file-exists': {
    title: 'Die Datei ist schon vorhanden',
    hint: 'Einen anderen Namen wählen oder sie ersetzen lassen.',
  },
  'image/program-missing': {
    title: 'Das Programm ist nicht vorhanden',
    hint: 'buildah, podman oder docker installieren oder ein Archiv importieren.',
  },
  'image/program-failed': {
    title: 'Das Programm ist gescheitert',
    hint: 'Seine Ausgabe lesen.',
  },
  'image/nothing-to-commit': {
    title: 'Die Sandbox hat keine Disk, die ein Image werden könnte',
    hint: 'Eine Sandbox nehmen, deren Wurzelverzeichnis ein Image ist.',
  },
  'image/commit-failed': {
    title: 'Die Änderungen der Sandbox ließen sich nicht lesen',
    hint: 'Korrigieren, was die Meldung nennt, und es erneut versuchen.',
  },
  'image/not-stored': {
    title: 'Das Image ist nicht im Speicher',
    hint: 'Es zuerst laden oder eine andere Regel für das Laden wählen.',
  },
  'image/incomplete': {
    title: 'Ein Teil des Images fehlt',
    hint: 'Das Image erneut laden und dies dann wiederholen.',
  },
  'image/platform-unavailable': {
    title: 'Das Image gibt es nicht für diesen Rechner',
    hint: 'Ein Image wählen, das für diese Architektur gebaut ist.',
  },
  'image/unsupported': {
    title: 'Das Image hat eine Form, die Skerry nicht liest',
    hint: 'Ein OCI- oder Docker-v2-Image verwenden.',
  },
  'image/layer-unsafe': {
    title: 'Eine Schicht enthält einen Eintrag, den zu entpacken nicht sicher ist',
    hint: 'Dieses Image nicht verwenden; dem Herausgeber den hier genannten Eintrag melden.',
  },
  'image/layer-corrupt': {
    title: 'Eine Schicht ist beschädigt',
    hint: 'Das Image erneut laden; bleibt es dabei, ist das veröffentlichte Image beschädigt.',
  },
  'registry/unreachable': {
    title: 'Die Registry ist nicht erreichbar',
    hint: 'Den Namen der Registry und das Netzwerk prüfen.',
  },
  'registry/name-unknown': {
    title: 'Eine Registry dieses Namens ist nicht bekannt',
    hint: 'Den Namen der Registry und den Nameserver dieses Rechners prüfen.',
  },
  'registry/tls-failed': {
    title: 'Der Registry kann nicht vertraut werden',
    hint: 'In den Einstellungen der Registry die Zertifizierungsstelle angeben oder die Registry als unsicher kennzeichnen.',
  },
  'registry/unauthorized': {
    title: 'Die Registry hat die Anfrage abgelehnt',
    hint: 'Prüfen, ob das Image öffentlich ist, oder sich bei der Registry anmelden.',
  },
  'registry/wrong-password': {
    title: 'Die Registry hat das Passwort abgelehnt',
    hint: 'Sich erneut bei der Registry anmelden.',
  },
  'registry/forbidden': {
    title: 'Die Registry gestattet das nicht',
    hint: 'Beim Eigentümer um die Berechtigung bitten oder sich mit einem anderen Konto anmelden.',
  },
  'registry/not-configured': {
    title: 'Für diese Registry ist nichts hinterlegt',
    hint: 'Das Vorhandene mit `skerry registries` auflisten.',
  },
  'credentials/unreadable': {
    title: 'Die Zugangsdaten sind nicht lesbar',
    hint: 'Die Meldung lesen; sie nennt das Hilfsprogramm oder die Datei.',
  },
  'credentials/no-keeper': {
    title: 'Nichts bewahrt hier ein Passwort verschlüsselt auf',
    hint: '`secret-tool` mit einem Schlüsselbund oder ein Docker-Hilfsprogramm für Zugangsdaten installieren oder die genannte Datei zulassen.',
  },
  'registry/bad-answer': {
    title: 'Die Registry hat eine unverständliche Antwort gegeben',
    hint: 'Es erneut versuchen; bleibt es dabei, folgt die Registry nicht der OCI-Distribution-Spezifikation.',
  },
  'registry/digest-mismatch': {
    title: 'Die Registry hat Bytes gesendet, die nicht zu ihrem Digest passen',
    hint: 'Es erneut versuchen; bleibt es dabei, dieser Registry nicht vertrauen.',
  },
  'store/no-space': {
    title: 'Der Datenträger ist voll',
    hint: 'Platz schaffen und es erneut versuchen.',
  },
  'store/corrupt': {
    title: 'Der Image-Speicher ist beschädigt',
    hint: 'Das Image erneut laden.',
  },
} as const;
