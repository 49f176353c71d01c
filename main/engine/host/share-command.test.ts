import { describe, expect, it } from 'vitest';
import { buildShareCommand, parseShareRecord, type ShareTools } from './share-command.ts';

const tools: ShareTools = {
  unsharePath: '/usr/bin/unshare',
  mountToolPath: '/assets/share-mount',
  daemonPath: '/usr/lib/qemu/virtiofsd',
  daemonKind: 'c',
  userNamespace: 'none',
};
const files = { staging: '/run/box/shares', socket: '/run/box/s', record: '/run/box/r' };
const entries = [
  { name: 'root', path: '/srv/root', isFile: false, readOnly: false },
  { name: 'v0', path: '/home/me/a: file', isFile: true, readOnly: true },
];

describe('buildShareCommand', () => {
  it('runs the mount tool in its own mount namespace, and the daemon behind it', () => {
    const [program, args] = buildShareCommand(tools, files, entries);
    expect([program, ...args]).toEqual([
      ...['/usr/bin/unshare', '--mount', '--propagation', 'private', '--'],
      ...['/assets/share-mount', '/run/box/shares', '/run/box/s', '/run/box/r'],
      ...['rw:dir:root:/srv/root', 'ro:file:v0:/home/me/a: file', '--'],
      ...['/usr/lib/qemu/virtiofsd', '--fd=3', '--rlimit-nofile=0'],
      ...['-o', 'source=/run/box/shares', '-o', 'log_level=warn', '-o', 'cache=auto'],
      ...['-o', 'announce_submounts', '-o', 'xattr', '-o', 'sandbox=namespace'],
    ]);
  });

  it.each([
    ['root', ['--user', '--map-root-user', '--mount']],
    ['mapped', ['--user', '--map-root-user', '--map-auto', '--mount']],
  ] as const)('makes a user namespace: %s', (userNamespace, expected) => {
    const [, args] = buildShareCommand({ ...tools, userNamespace }, files, entries);
    expect(args.slice(0, expected.length)).toEqual(expected);
  });

  it('speaks to the daemon that came after', () => {
    const rust = { ...tools, daemonPath: '/usr/libexec/virtiofsd', daemonKind: 'rust' } as const;
    const [, args] = buildShareCommand(rust, files, entries);
    const daemon = args.slice(args.indexOf('/usr/libexec/virtiofsd') + 1);
    expect(daemon.slice(0, 4)).toEqual(['--fd', '3', '--shared-dir', '/run/box/shares']);
    expect(daemon).toContain('--announce-submounts');
    expect(daemon).not.toContain('-o');
  });
});

describe('parseShareRecord', () => {
  const bootId = '22537b69-4ff3-4e52-a167-72f5b5bfe503';

  it('reads what share-mount writes, where the boot has no name too', () => {
    expect(parseShareRecord(`12 345 ${bootId}\n`)).toEqual({ pid: 12, startTime: '345', bootId });
    expect(parseShareRecord('12 345 \n')).toEqual({ pid: 12, startTime: '345', bootId: undefined });
  });

  it.each(['', '12 345', '0 345 \n', '-1 345 \n', '12 345 x\n', `12 345 ${bootId}\n13 1 \n`])(
    'takes anything else for none: %j',
    (text) => {
      expect(parseShareRecord(text)).toBeUndefined();
    },
  );
});
