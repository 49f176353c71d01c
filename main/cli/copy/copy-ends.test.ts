import { describe, expect, it } from 'vitest';
import { parseCopy } from './copy-ends.ts';
import { placeCopy, type FoundEnd, type Kind } from './place-copy.ts';

describe('parseCopy', () => {
  it.each([
    ['web:/etc/hosts', '/etc/hosts', false, false],
    ['web:etc/hosts', '/etc/hosts', false, false],
    ['web:', '/', true, false],
    ['web:/', '/', true, false],
    ['web:/srv/', '/srv', true, false],
    ['web:/srv/.', '/srv', true, true],
    ['web:/a/../../etc', '/etc', false, false],
    ['web:/a:b', '/a:b', false, false],
  ])('reads %s', (text, path, isDirectory, isContents) => {
    expect(parseCopy(text, '.')).toMatchObject({
      to: 'here',
      source: { sandbox: 'web', path, isDirectory, isContents },
    });
  });

  it.each(['./a:b', '/a:b', 'a/b:c', 'No Name:/x', ':/x'])('takes %s for a local path', (text) => {
    expect(parseCopy(text, 'web:/')).toMatchObject({ to: 'sandbox', source: {} });
  });

  it('knows stdin and stdout', () => {
    expect(parseCopy('-', 'web:/')).toMatchObject({ source: 'stdin' });
    expect(parseCopy('web:/a', '-')).toMatchObject({ target: 'stdout' });
  });
});

describe('placeCopy', () => {
  const end = (path: string, kind: Kind, more: Partial<FoundEnd> = {}): FoundEnd => {
    return { path, kind, isDirectory: false, isContents: false, ...more };
  };

  it('of a root brings what is in it', () => {
    expect(placeCopy(end('/', 'directory'), end('/here', 'directory'))).toEqual({
      ...{ directory: '/here', makes: false, name: undefined },
    });
    expect(placeCopy(end('/', 'directory'), end('/new', 'nothing'))).toEqual({
      ...{ directory: '/new', makes: true, name: undefined },
    });
  });

  it('does not make a directory of a file', () => {
    const to = end('/here/new', 'nothing', { isDirectory: true });
    expect(() => placeCopy(end('/a', 'file'), to)).toThrow('There is no directory /here/new.');
  });
});
