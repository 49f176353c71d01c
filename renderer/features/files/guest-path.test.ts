import { expect, it } from 'vitest';
import {
  isWithin,
  joinPath,
  nameOf,
  normalizePath,
  parentOf,
  pathsTo,
  problemOfName,
  resolvePath,
} from './guest-path.ts';

it.each([
  ['/', '/'],
  ['//etc//', '/etc'],
  ['/etc/./ssl/../hosts', '/etc/hosts'],
  ['/../../x', '/x'],
])('%s is %s', (path, expected) => {
  expect(normalizePath(path)).toBe(expected);
});

it('what is typed is seen from the directory, unless it begins with /', () => {
  expect(resolvePath('/usr/lib', '../bin')).toBe('/usr/bin');
  expect(resolvePath('/usr/lib', '/etc/')).toBe('/etc');
  expect(resolvePath('/', 'root')).toBe('/root');
});

it('joins, parts and follows paths, also at the root', () => {
  expect(joinPath('/', 'etc')).toBe('/etc');
  expect(joinPath('/etc', 'hosts')).toBe('/etc/hosts');
  expect(parentOf('/etc/hosts')).toBe('/etc');
  expect(parentOf('/etc')).toBe('/');
  expect(parentOf('/')).toBe('/');
  expect(nameOf('/etc/hosts')).toBe('hosts');
  expect(nameOf('/')).toBe('');
  expect(pathsTo('/')).toEqual(['/']);
  expect(pathsTo('/etc/ssl')).toEqual(['/', '/etc', '/etc/ssl']);
});

it('a directory of a like name does not contain a path', () => {
  expect(isWithin('/etc-old/x', '/etc')).toBe(false);
  expect(isWithin('/etc', '/etc')).toBe(true);
  expect(isWithin('/etc/x', '/etc')).toBe(true);
  expect(isWithin('/x', '/')).toBe(true);
});

it('says why a name cannot be one', () => {
  expect(problemOfName('..')).toBe('nameEmpty');
  expect(problemOfName('a/b')).toBe('nameSlash');
  expect(problemOfName('ä'.repeat(128))).toBe('nameLong');
  expect(problemOfName('ä'.repeat(127))).toBeUndefined();
});
