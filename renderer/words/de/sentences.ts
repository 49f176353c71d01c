import type { Sentences } from '../sentences.ts';

const destinations =
  'Ein Ziel ist ein Name mit Punkt, „*.name“, eine Adresse, ein CIDR, „any“ oder eine der Gruppen {2}.';
const ofDestinations =
  'A destination is a name with a dot, "*.name", an address, a CIDR, "any", or one of the groups {}.';

/** German of what the contract says of a value that was typed, by its English. */
export const sentences: Sentences = {
  // Images and registries
  'An image reference is needed.': 'Eine Image-Referenz ist nötig.',
  'An image reference has at most 512 characters.':
    'Eine Image-Referenz hat höchstens 512 Zeichen.',
  '"{}" has a space in it.': '„{1}“ enthält ein Leerzeichen.',
  '"{}" starts with a scheme; leave it out.': '„{1}“ beginnt mit einem Schema; es weglassen.',
  '"{}" has more than one "@".': '„{1}“ enthält mehr als ein „@“.',
  '"{}" is not a digest: it must be sha256: and 64 hexadecimal digits.':
    '„{1}“ ist kein Digest: nötig sind sha256: und 64 hexadezimale Ziffern.',
  '"{}" is not the name of a registry.': '„{1}“ ist kein Name einer Registry.',
  '"{}" is not a tag.': '„{1}“ ist kein Tag.',
  '"{}" names no image.': '„{1}“ benennt kein Image.',
  '"{}" must be in lower case.': '„{1}“ muss kleingeschrieben sein.',
  '"{}" is not the name of an image.': '„{1}“ ist kein Name eines Images.',
  'The name of an image has at most 255 characters.':
    'Der Name eines Images hat höchstens 255 Zeichen.',
  'A password is needed.': 'Ein Passwort ist nötig.',

  // The sandbox
  'A sandbox needs a name.': 'Eine Sandbox braucht einen Namen.',
  'A name has at most {} characters.': 'Ein Name hat höchstens {1} Zeichen.',
  'A name starts with a letter or digit.':
    'Ein Name beginnt mit einem Buchstaben oder einer Ziffer.',
  'A name has only letters, digits, ".", "_" and "-".':
    'Ein Name hat nur Buchstaben, Ziffern, „.“, „_“ und „-“.',
  'CPUs must be a whole number from {} to {}.': 'CPUs müssen eine ganze Zahl von {1} bis {2} sein.',
  'Memory in MiB must be a whole number from {} to {}.':
    'Arbeitsspeicher in MiB muss eine ganze Zahl von {1} bis {2} sein.',
  'The root disk in MiB must be a whole number from {} to {}.':
    'Die Root-Disk in MiB muss eine ganze Zahl von {1} bis {2} sein.',
  'The idle time in minutes must be a whole number from {} to {}.':
    'Die Untätigkeit in Minuten muss eine ganze Zahl von {1} bis {2} sein.',
  'A sandbox needs an image: a reference, a directory or a disk image.':
    'Eine Sandbox braucht ein Image: eine Referenz, ein Verzeichnis oder ein Disk-Image.',
  '"{}" is for a directory or a disk image; "{}" is an OCI image.':
    '„{1}“ gilt für ein Verzeichnis oder ein Disk-Image; „{2}“ ist ein OCI-Image.',
  'A host name has at most 64 characters.': 'Ein Hostname hat höchstens 64 Zeichen.',
  'A host name has letters, digits, "-" and ".", and begins and ends with a letter or digit.':
    'Ein Hostname hat Buchstaben, Ziffern, „-“ und „.“ und beginnt und endet mit einem Buchstaben oder einer Ziffer.',
  'A pull policy is "always", "if-missing" or "never".':
    'Eine Regel für das Laden ist „always“, „if-missing“ oder „never“.',
  'An argument has at most 131072 characters.': 'Ein Argument hat höchstens 131072 Zeichen.',
  'An argument has no NUL character.': 'Ein Argument hat kein NUL-Zeichen.',
  'A command has at most 1024 arguments.': 'Ein Befehl hat höchstens 1024 Argumente.',
  'The name of an environment variable has at most 4096 characters.':
    'Der Name einer Umgebungsvariable hat höchstens 4096 Zeichen.',
  'The name of an environment variable is not empty and has no "=".':
    'Der Name einer Umgebungsvariable ist nicht leer und hat kein „=“.',
  'The value of an environment variable has at most 131072 characters.':
    'Der Wert einer Umgebungsvariable hat höchstens 131072 Zeichen.',
  'The value of an environment variable has no NUL character.':
    'Der Wert einer Umgebungsvariable hat kein NUL-Zeichen.',
  'An environment has at most 2048 variables.': 'Eine Umgebung hat höchstens 2048 Variablen.',
  'The key of a label has letters, digits, ".", "_", "/" and "-", at most 128.':
    'Der Schlüssel eines Labels hat höchstens 128 Buchstaben, Ziffern, „.“, „_“, „/“ und „-“.',
  'The value of a label has at most 1024 characters.':
    'Der Wert eines Labels hat höchstens 1024 Zeichen.',
  'The value of a label has no NUL character.': 'Der Wert eines Labels hat kein NUL-Zeichen.',
  'A sandbox has at most 64 labels.': 'Eine Sandbox hat höchstens 64 Labels.',
  'The name of a script has at most 128 characters.':
    'Der Name eines Skripts hat höchstens 128 Zeichen.',
  'The name of a script is a plain file name: letters, digits, ".", "_", "-", "+" and "@".':
    'Der Name eines Skripts ist ein einfacher Dateiname: Buchstaben, Ziffern, „.“, „_“, „-“, „+“ und „@“.',
  'A sandbox has at most {} scripts.': 'Eine Sandbox hat höchstens {1} Skripte.',
  'A value is needed.': 'Ein Wert ist nötig.',
  'There are {} more problems.': 'Es gibt {1} weitere Fehler.',
  '"__proto__" cannot be a name here.': '„__proto__“ kann hier kein Name sein.',
  'There is no field "{}" here.': 'Hier gibt es kein Feld „{1}“.',
  'This text has half of a character (a lone surrogate) in it.':
    'Dieser Text enthält ein halbes Zeichen (ein einzelnes Surrogat).',
  'A configuration has at most {} bytes; copy large files with a patch of the kind "file".':
    'Eine Konfiguration hat höchstens {1} Bytes; große Dateien mit einem Patch der Art „file“ kopieren.',

  // Paths, roots and volumes
  'A path in the sandbox is absolute: it starts with "/".':
    'Ein Pfad in der Sandbox ist absolut: er beginnt mit „/“.',
  'A path has at most {} characters.': 'Ein Pfad hat höchstens {1} Zeichen.',
  'A path has at most 4096 characters.': 'Ein Pfad hat höchstens 4096 Zeichen.',
  'A path has no NUL character.': 'Ein Pfad hat kein NUL-Zeichen.',
  'A path in the sandbox has no "." and no ".." in it.':
    'Ein Pfad in der Sandbox enthält kein „.“ und kein „..“.',
  '"/" is the root itself; name a path below it.':
    '„/“ ist das Wurzelverzeichnis selbst; einen Pfad darunter angeben.',
  'A path is needed.': 'Ein Pfad ist nötig.',
  '"{}" is no path: begin it with "/", "./", "../" or "~/".':
    '„{1}“ ist kein Pfad: er beginnt mit „/“, „./“, „../“ oder „~/“.',
  'A disk image is "raw", "qcow2" or "vmdk".': 'Ein Disk-Image ist „raw“, „qcow2“ oder „vmdk“.',
  'Access is "ro" or "rw".': 'Der Zugriff ist „ro“ oder „rw“.',
  'A partition is a number from 1 to 128.': 'Eine Partition ist eine Zahl von 1 bis 128.',
  'A volume needs a name.': 'Ein Volume braucht einen Namen.',
  'The name of a volume has at most 64 characters.':
    'Der Name eines Volumes hat höchstens 64 Zeichen.',
  'The name of a volume has letters, digits, ".", "_" and "-", and starts with a letter or digit.':
    'Der Name eines Volumes hat Buchstaben, Ziffern, „.“, „_“ und „-“ und beginnt mit einem Buchstaben oder einer Ziffer.',
  'The size of a tmpfs in MiB must be a whole number from {} to {}.':
    'Die Größe eines tmpfs in MiB muss eine ganze Zahl von {1} bis {2} sein.',
  'A volume has exactly one of "bind", "named" and "tmpfs".':
    'Ein Volume hat genau eines von „bind“, „named“ und „tmpfs“.',
  'A tmpfs has no access.': 'Ein tmpfs hat keinen Zugriff.',
  'A sandbox has at most {} volumes.': 'Eine Sandbox hat höchstens {1} Volumes.',
  'Two volumes are mounted at "{}".': 'Zwei Volumes sind unter „{1}“ eingebunden.',

  // Patches
  'A text has at most {} characters.': 'Ein Text hat höchstens {1} Zeichen.',
  'A mode is text in quotes: "0755".': 'Ein Modus ist Text in Anführungszeichen: "0755".',
  'A mode is three or four octal digits in quotes: "0755".':
    'Ein Modus besteht aus drei oder vier oktalen Ziffern: 0755.',
  'An owner has at most 256 characters.': 'Ein Eigentümer hat höchstens 256 Zeichen.',
  'An owner is USER or USER:GROUP, by name or number.':
    'Ein Eigentümer ist BENUTZER oder BENUTZER:GRUPPE, als Name oder Zahl.',
  'A link needs a target.': 'Ein Link braucht ein Ziel.',
  'The target of a link has at most 4095 characters.':
    'Das Ziel eines Links hat höchstens 4095 Zeichen.',
  'The target of a link has no NUL character.': 'Das Ziel eines Links hat kein NUL-Zeichen.',
  'A patch has a kind: text, append, file, dir, symlink, mkdir or remove.':
    'Ein Patch hat eine Art: text, append, file, dir, symlink, mkdir oder remove.',
  'A sandbox has at most {} patches.': 'Eine Sandbox hat höchstens {1} Patches.',

  // Snapshots
  'The id of a snapshot has 10 hex digits.':
    'Die Kennung eines Snapshots hat 10 hexadezimale Ziffern.',
  'A snapshot needs a name.': 'Ein Snapshot braucht einen Namen.',
  'The name of a snapshot has at most 64 characters.':
    'Der Name eines Snapshots hat höchstens 64 Zeichen.',
  'The name of a snapshot has letters, digits, spaces, ".", "_" and "-", and begins with a letter or digit.':
    'Der Name eines Snapshots hat Buchstaben, Ziffern, Leerzeichen, „.“, „_“ und „-“ und beginnt mit einem Buchstaben oder einer Ziffer.',

  // The network
  '"{}" is no port: a port is a number from 1 to 65535.':
    '„{1}“ ist kein Port: ein Port ist eine Zahl von 1 bis 65535.',
  '"{}" is no CIDR: an address, "/" and the length of its prefix.':
    '„{1}“ ist kein CIDR: eine Adresse, „/“ und die Länge ihres Präfixes.',
  [`"{}" is no address. ${ofDestinations}`]: `„{1}“ ist keine Adresse. ${destinations}`,
  [`"{}" is no name. ${ofDestinations}`]: `„{1}“ ist kein Name. ${destinations}`,
  [`"{}" is no destination. ${ofDestinations}`]: `„{1}“ ist kein Ziel. ${destinations}`,
  [`"{}" is a name without a dot. ${ofDestinations}`]: `„{1}“ ist ein Name ohne Punkt. ${destinations}`,
  'A port is a number, or two with "-" between them.':
    'Ein Port ist eine Zahl, oder zwei mit „-“ dazwischen.',
  'A port is a number from 1 to 65535, or two with "-" between them: "8000-8999".':
    'Ein Port ist eine Zahl von 1 bis 65535, oder zwei mit „-“ dazwischen: 8000-8999.',
  'A destination is text: a name, "*.name", an address, a CIDR or a group.':
    'Ein Ziel ist Text: ein Name, „*.name“, eine Adresse, ein CIDR oder eine Gruppe.',
  'A destination has at most 300 characters.': 'Ein Ziel hat höchstens 300 Zeichen.',
  'A rule has its ports in "ports".': 'Eine Regel hat ihre Ports in „ports“.',
  'An action is "allow" or "deny".': 'Eine Aktion ist „allow“ oder „deny“.',
  'A direction is "egress", "ingress" or "any".':
    'Eine Richtung ist „egress“, „ingress“ oder „any“.',
  'A protocol is "tcp", "udp" or "icmp".': 'Ein Protokoll ist „tcp“, „udp“ oder „icmp“.',
  'A port is text in quotes: "8080:80".': 'Ein Port ist Text in Anführungszeichen: "8080:80".',
  'A port is written HOST:GUEST, with "/udp" behind it if it is no TCP port: "8080:80".':
    'Ein Port wird HOST:GAST geschrieben, mit „/udp“ dahinter, wenn es kein TCP-Port ist: 8080:80.',
  'A rate in Mbit/s is a number from 0.1 to 100000.':
    'Eine Rate in Mbit/s ist eine Zahl von 0,1 bis 100000.',
  'A network policy is "none", "public", "allow-list" or "all".':
    'Eine Netzwerkrichtlinie ist „none“, „public“, „allow-list“ oder „all“.',
  'Two ports are published at {}.': 'Zwei Ports sind an {1} veröffentlicht.',

  // Changes of a sandbox that is there
  'A sandbox keeps its name; duplicate it under another one.':
    'Eine Sandbox behält ihren Namen; sie unter einem anderen duplizieren.',
  'The root was made of the earlier image.':
    'Das Wurzelverzeichnis entstand aus dem früheren Image.',
  'The root was chosen when the sandbox was made.':
    'Das Wurzelverzeichnis wurde beim Erstellen der Sandbox gewählt.',
  'Patches are applied once, when a sandbox is made.':
    'Patches werden einmal angewandt, beim Erstellen einer Sandbox.',
  'A disk can grow and not shrink.': 'Eine Disk kann wachsen und nicht schrumpfen.',

  // Presets that are shipped
  'A shell': 'Eine Shell',
  'BusyBox and nothing else, from an image that comes with Skerry.':
    'BusyBox und sonst nichts, aus einem Image, das zu Skerry gehört.',
  'Agent workbench': 'Werkbank für Agenten',
  'Git, a compiler, Python and Node.js for a coding agent, in a workspace that outlives the sandbox.':
    'Git, ein Compiler, Python und Node.js für einen Coding-Agenten, in einem Arbeitsbereich, der die Sandbox überdauert.',
  'Node.js 24 on Debian, with npm and yarn.': 'Node.js 24 auf Debian, mit npm und yarn.',
  'Python 3 on Debian, with pip.': 'Python 3 auf Debian, mit pip.',
  'Rust on Debian, with cargo; crates stay in a volume of their own.':
    'Rust auf Debian, mit cargo; Crates bleiben in einem eigenen Volume.',
};
