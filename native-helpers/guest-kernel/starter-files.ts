/** The files of the starter image that are text: accounts, a profile, names. */

const accounts = [
  { name: 'root', id: 0, home: '/root', shell: '/bin/sh', title: 'root' },
  { name: 'user', id: 1000, home: '/home/user', shell: '/bin/sh', title: 'user' },
  { name: 'nobody', id: 65534, home: '/', shell: '/bin/false', title: 'nobody' },
] as const;

const lines = (list: readonly string[]): string => list.map((line) => `${line}\n`).join('');

/** A text file, with its mode. */
export interface StarterFile {
  readonly path: string;
  readonly mode: number;
  readonly text: string;
}

/** Text files of the image. `busyboxVersion` is that of the package. */
export function starterFiles(busyboxVersion: string): readonly StarterFile[] {
  const file = (path: string, list: readonly string[], mode = 0o644): StarterFile => {
    return { path, mode, text: lines(list) };
  };
  return [
    file(
      'etc/passwd',
      accounts.map(({ name, id, title, home, shell }) =>
        [name, 'x', id, id, title, home, shell].join(':'),
      ),
    ),
    file(
      'etc/group',
      accounts.map(({ name, id }) => `${name}:x:${String(id)}:`),
    ),
    // No account has a password, so that none can be used to log in.
    file(
      'etc/shadow',
      accounts.map(({ name }) => `${name}:*:::::::`),
      0o640,
    ),
    file('etc/shells', ['/bin/sh', '/bin/ash']),
    file('etc/hosts', ['127.0.0.1 localhost', '::1 localhost']),
    file('etc/profile', [
      // Every shell reads this: a PATH that it was given, with a sandbox's scripts on it, stays.
      'export PATH="${PATH:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}"',
      // With marks around prompt and command (OSC 133), so that the window finds them again.
      String.raw`PS1='\[\e]133;D;$?\a\e]133;A\a\]\u@\h:\w\$ \[\e]133;B\a\]'`,
      String.raw`PS2='\[\e]133;A;k=s\a\]> \[\e]133;B\a\]'`,
      "alias ll='ls -lA'",
    ]),
    file('etc/os-release', [
      'ID=skerry-starter',
      'NAME="Skerry starter"',
      `PRETTY_NAME="Skerry starter (BusyBox ${busyboxVersion})"`,
      `VERSION_ID="${busyboxVersion}"`,
    ]),
  ];
}

/** Directories of the image with their modes; owned by root unless an owner is given. */
export const starterDirectories: readonly {
  readonly path: string;
  readonly mode: number;
  readonly ownerId?: number;
}[] = [
  ...['bin', 'dev', 'etc', 'home', 'mnt', 'opt', 'proc', 'run', 'sbin', 'sys', 'srv'],
  ...['usr', 'usr/bin', 'usr/sbin', 'usr/share', 'usr/share/licenses'],
  ...['usr/local', 'usr/local/bin', 'usr/local/sbin', 'var', 'var/log'],
]
  .map((path): { path: string; mode: number; ownerId?: number } => ({ path, mode: 0o755 }))
  .concat(
    { path: 'root', mode: 0o700 },
    { path: 'home/user', mode: 0o755, ownerId: 1000 },
    { path: 'tmp', mode: 0o1777 },
    { path: 'var/tmp', mode: 0o1777 },
  );
