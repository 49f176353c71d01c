/** Answers about files that no honest guest gives. */
import { describe, expect, it } from 'vitest';
import { maxListedFiles } from '../../contract/files.ts';
import { WorkWords } from './agent-work.ts';
import { FieldsWriter, tag } from './fields.ts';
import { onlyFile, readFilesAnswer } from './files-answer.ts';
import { filesError } from './files-error.ts';

function file(change: (fields: FieldsWriter) => FieldsWriter = (fields) => fields): Uint8Array {
  const fields = new FieldsWriter()
    .text(tag.fileName, 'a')
    .u32(tag.fileMode, 0o100644)
    .u32(tag.uid, 0)
    .u32(tag.gid, 0)
    .u64(tag.fileSize, 5)
    .u64(tag.modifiedAtMs, 0);
  return new FieldsWriter().bytes(tag.file, change(fields).finish()).finish();
}

describe('an answer about files', () => {
  it('has sizes and times that JavaScript can hold', () => {
    const endless = file((fields) =>
      fields
        .bytes(tag.fileSize, new Uint8Array(8).fill(0xff))
        .bytes(tag.modifiedAtMs, Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0x80)),
    );
    expect(onlyFile(readFilesAnswer(endless)).entry).toMatchObject({
      sizeBytes: Number.MAX_SAFE_INTEGER,
      modifiedAtMs: -8.64e15,
    });
  });

  it('shows a name that is no UTF-8, and names of accounts without control characters', () => {
    const odd = file((fields) =>
      fields.bytes(tag.fileName, Uint8Array.of(0x61, 0xff)).text(tag.user, 'ro\u001b[31mot'),
    );
    expect(onlyFile(readFilesAnswer(odd)).entry).toMatchObject({
      name: 'a\ufffd',
      user: 'ro\ufffd[31mot',
    });
  });

  it('is refused where it has fields without end, before they take memory', () => {
    const empty = new Uint8Array(6 * 40_000);
    expect(() => readFilesAnswer(empty)).toThrow('fields without end');
  });

  it('turns the direction of no text', () => {
    const words = new WorkWords();
    words.hear(Buffer.from('a\u202etxt.exe: denied'));
    expect(words.text).toBe('a\ufffdtxt.exe: denied');
    const odd = file((fields) => fields.text(tag.user, 'ro\u2066ot'));
    expect(onlyFile(readFilesAnswer(odd)).entry).toMatchObject({ user: 'ro\ufffdot' });
  });

  it('knows no changes but its own', () => {
    const change = (number: number): unknown =>
      onlyFile(readFilesAnswer(file((fields) => fields.u32(tag.change, number)))).entry.change;
    expect([change(1), change(2), change(3), change(9)]).toEqual([
      ...['added', 'modified', 'removed', undefined],
    ]);
  });

  it.each<[string, Uint8Array]>([
    ['a kind that there is not', file((fields) => fields.u32(tag.fileMode, 0o644))],
    ['a size of three bytes', file((fields) => fields.bytes(tag.fileSize, new Uint8Array(3)))],
    ['no name', new FieldsWriter().bytes(tag.file, new Uint8Array()).finish()],
    ['half a field', file().subarray(0, 20)],
    ['nothing', new Uint8Array()],
    ['too many files', Buffer.concat(Array.from({ length: maxListedFiles + 1 }, () => file()))],
  ])('with %s breaks the protocol', (_what, bytes) => {
    expect(() => onlyFile(readFilesAnswer(bytes))).toThrow(
      expect.objectContaining({ code: 'agent/protocol' }) as Error,
    );
  });
});

describe('the end of work on files', () => {
  const words = new WorkWords();
  words.hear(Buffer.from('a: first\n/b: No such file\u0007\n'));

  it.each([
    ['list', 2, 'file/not-found'],
    ['write', 17, 'file/exists'],
    ['write', 13, 'file/denied'],
    ['write', 1, 'file/denied'],
    ['write', 30, 'file/denied'],
    ['list', 20, 'file/wrong-kind'],
    ['read', 21, 'file/wrong-kind'],
    ['remove', 39, 'file/not-empty'],
    ['untar', 28, 'file/no-space'],
    ['untar', 122, 'file/no-space'],
    ['read', 27, 'file/too-large'],
    ['untar', 27, 'file/failed'],
    ['read', 95, 'file/wrong-kind'],
    ['changes', 95, 'file/failed'],
    ['write', 200, 'file/changed'],
    ['untar', 201, 'file/archive-invalid'],
    ['list', 5, 'file/failed'],
    ['list', 255, 'file/failed'],
  ] as const)('of %s with code %d is %s', (action, code, expected) => {
    expect(filesError(action, { kind: 'exited', code }, words)).toMatchObject({
      code: expected,
      message: '/b: No such file\ufffd.',
    });
  });

  it('by a signal says so', () => {
    const error = filesError('tar', { kind: 'signalled', signal: 9 }, new WorkWords());
    expect(error).toMatchObject({ code: 'file/failed', message: 'signal 9.' });
  });
});
