import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  familiarImageReference,
  formatImageReference,
  imageReferenceSchema,
  parseImageReference,
} from './image-reference.ts';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;

function full(text: string): string {
  const result = parseImageReference(text);
  return result.ok ? formatImageReference(result.reference) : `problem: ${result.problem}`;
}

describe('parseImageReference', () => {
  it.each([
    ['alpine', 'docker.io/library/alpine:latest'],
    ['alpine:3.20', 'docker.io/library/alpine:3.20'],
    ['library/alpine', 'docker.io/library/alpine:latest'],
    ['docker.io/alpine', 'docker.io/library/alpine:latest'],
    ['docker.io/library/alpine', 'docker.io/library/alpine:latest'],
    ['team/app', 'docker.io/team/app:latest'],
    ['a/b/c/d:tag', 'docker.io/a/b/c/d:tag'],
    ['skerry/starter', 'docker.io/skerry/starter:latest'],
  ])('reads %s as of docker.io', (text, expected) => {
    expect(full(text)).toBe(expected);
  });

  it.each([
    ['localhost/app', 'localhost/app:latest'],
    ['localhost:5000/app', 'localhost:5000/app:latest'],
    ['localhost:5000/team/app:1.2', 'localhost:5000/team/app:1.2'],
    ['registry.test/app', 'registry.test/app:latest'],
    ['registry.test:443/app:v1', 'registry.test:443/app:v1'],
    ['127.0.0.1:5000/app', '127.0.0.1:5000/app:latest'],
    ['[::1]:5000/app:1', '[::1]:5000/app:1'],
    ['[2001:db8::1]/app', '[2001:db8::1]/app:latest'],
    ['host:80/app', 'host:80/app:latest'],
    ['UPPER.test/app', 'UPPER.test/app:latest'],
  ])('takes the registry of %s from it', (text, expected) => {
    expect(full(text)).toBe(expected);
  });

  it('adds no library/ to a registry of one’s own', () => {
    expect(full('localhost/alpine')).toBe('localhost/alpine:latest');
  });

  it('takes a name and a number without a slash for a name and a tag', () => {
    expect(full('localhost:5000')).toBe('docker.io/library/localhost:5000');
  });

  it('keeps a digest, and adds no tag to it', () => {
    expect(parseImageReference(`alpine@${digest}`)).toEqual({
      ok: true,
      reference: { registry: 'docker.io', repository: 'library/alpine', digest },
    });
    expect(full(`localhost:5000/app@${digest}`)).toBe(`localhost:5000/app@${digest}`);
  });

  it('keeps a tag beside a digest', () => {
    expect(full(`alpine:3.20@${digest}`)).toBe(`docker.io/library/alpine:3.20@${digest}`);
  });

  it.each(['a', 'A.b-C_d', '_under', '9', 'x'.repeat(128)])('takes %s as a tag', (tag) => {
    expect(full(`alpine:${tag}`)).toBe(`docker.io/library/alpine:${tag}`);
  });

  it.each(['a.b', 'a_b', 'a__b', 'a-b', 'a---b', 'a1/b2'])('takes %s as a name', (name) => {
    expect(full(`registry.test/${name}`)).toBe(`registry.test/${name}:latest`);
  });

  it.each([
    ['', 'An image reference is needed.'],
    [' ', '" " has a space in it.'],
    ['alp ine', '"alp ine" has a space in it.'],
    ['alpine\n', '"alpine\n" has a space in it.'],
    ['https://registry.test/app', 'starts with a scheme; leave it out.'],
    ['docker://alpine', 'starts with a scheme; leave it out.'],
    ['a@b@c', 'has more than one "@".'],
    ['alpine@', '"" is not a digest'],
    ['alpine@sha256:abc', '"sha256:abc" is not a digest'],
    [`alpine@${digest.toUpperCase()}`, 'is not a digest'],
    [`alpine@${digest.replace('sha256', 'sha512')}`, 'is not a digest'],
    [`@${digest}`, 'names no image.'],
    ['localhost:5000/', 'names no image.'],
    [':tag', 'names no image.'],
    ['alpine:', '"" is not a tag.'],
    ['alpine:-x', '"-x" is not a tag.'],
    ['alpine:.x', '".x" is not a tag.'],
    ['alpine:a+b', '"a+b" is not a tag.'],
    [`alpine:${'x'.repeat(129)}`, 'is not a tag.'],
    ['Alpine', '"Alpine" must be in lower case.'],
    ['registry.test/App', '"App" must be in lower case.'],
    ['/alpine', 'is not the name of an image.'],
    ['team//app', 'is not the name of an image.'],
    ['team/app/', 'is not the name of an image.'],
    ['team/../app', 'is not the name of an image.'],
    ['../app', '".." is not the name of a registry.'],
    ['./app', '"." is not the name of a registry.'],
    ['a..b', 'is not the name of an image.'],
    ['a___b', 'is not the name of an image.'],
    ['-a', 'is not the name of an image.'],
    ['a-', 'is not the name of an image.'],
    ['a:b:c', 'is not the name of an image.'],
    ['café', 'is not the name of an image.'],
    ['app?x=1', 'is not the name of an image.'],
    ['app#x', 'is not the name of an image.'],
    ['a%2fb', 'is not the name of an image.'],
    ['a\\b', 'is not the name of an image.'],
    ['a\0b', 'is not the name of an image.'],
    ['-registry.test/app', '"-registry.test" is not the name of a registry.'],
    ['registry.test:port/app', '"registry.test:port" is not the name of a registry.'],
    ['registry.test:123456/app', '"registry.test:123456" is not the name of a registry.'],
    ['registry.test:99999/app', '"registry.test:99999" is not the name of a registry.'],
    ['registry.test:0/app', '"registry.test:0" is not the name of a registry.'],
    ['user:password@registry.test/app', 'is not a digest'],
    ['[::1/app', '"[::1" is not the name of a registry.'],
    ['[::1]x:5/app', 'is not the name of a registry.'],
    [`registry.test/${'a/'.repeat(130)}b`, 'at most 255 characters.'],
    ['a'.repeat(248), 'at most 255 characters.'],
    ['a'.repeat(513), 'at most 512 characters.'],
  ])('says what is wrong with %j', (text, problem) => {
    const result = parseImageReference(text);
    expect(result.ok ? formatImageReference(result.reference) : result.problem).toContain(problem);
    expect(result.ok).toBe(false);
  });

  it('takes a name of 255 characters', () => {
    expect(parseImageReference('a'.repeat(247)).ok).toBe(true);
  });

  it('never throws, and reads its own full form as the same reference', () => {
    const pieces = fc.array(
      fc.constantFrom(
        ...['a', 'B', '0', '.', '_', '-', '/', ':', '@', 'localhost', '[::1]', digest],
        ...['docker.io/', 'library/', ':latest'],
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          pieces.map((list) => list.join('')),
        ),
        (text) => {
          const result = parseImageReference(text);
          if (!result.ok) {
            expect(result.problem).toMatch(/\.$/);
            return;
          }
          expect(parseImageReference(formatImageReference(result.reference))).toEqual(result);
          expect(parseImageReference(familiarImageReference(result.reference))).toEqual(result);
        },
      ),
    );
  });
});

describe('familiarImageReference', () => {
  it.each([
    ['docker.io/library/alpine:latest', 'alpine'],
    ['alpine:3.20', 'alpine:3.20'],
    ['docker.io/team/app', 'team/app'],
    ['docker.io/library/team/app', 'library/team/app'],
    ['docker.io/localhost/app', 'docker.io/localhost/app'],
    ['docker.io/team.name/app', 'docker.io/team.name/app'],
    ['localhost:5000/team/app:1.2', 'localhost:5000/team/app:1.2'],
    ['localhost:5000/app:latest', 'localhost:5000/app'],
    [`alpine@${digest}`, `alpine@${digest}`],
    [`alpine:latest@${digest}`, `alpine:latest@${digest}`],
  ])('writes %s as %s', (text, expected) => {
    const result = parseImageReference(text);
    expect(result.ok && familiarImageReference(result.reference)).toBe(expected);
  });
});

describe('imageReferenceSchema', () => {
  it('takes what the parser takes', () => {
    expect(imageReferenceSchema.parse('alpine')).toBe('alpine');
  });

  it('gives the problem as the message of the issue', () => {
    const result = imageReferenceSchema.safeParse('Alpine');
    expect(result.error?.issues.map(({ message }) => message)).toEqual([
      '"Alpine" must be in lower case.',
    ]);
  });
});
