import { describe, expect, it } from 'vitest';
import { aCommandRun } from '../../testing/live-builders.ts';
import { describeEnd, lineOf, outcomeOf, requestOf } from './run-words.ts';

const ended = { endedAtMs: 2_000 };

describe('a run in words', () => {
  it('runs, succeeds, fails', () => {
    expect(outcomeOf(aCommandRun())).toBe('running');
    const well = aCommandRun({ ...ended, exit: { kind: 'exited', code: 0 } });
    expect([outcomeOf(well), describeEnd(well)]).toEqual(['succeeded', 'Exit code 0']);
    const killed = aCommandRun({ ...ended, exit: { kind: 'signalled', signal: 15 } });
    expect([outcomeOf(killed), describeEnd(killed)]).toEqual(['failed', 'Ended by SIGTERM']);
    const lost = aCommandRun({ ...ended, failure: 'The sandbox stopped.' });
    expect([outcomeOf(lost), describeEnd(lost)]).toEqual(['failed', 'The sandbox stopped.']);
  });

  it('is what was typed, or a command with its words quoted', () => {
    const { line: _none, ...plain } = aCommandRun({ command: ['echo', "it's", 'a b'] });
    expect(lineOf(plain)).toBe(String.raw`echo 'it'\''s' 'a b'`);
    expect(requestOf(plain, 'box')).toEqual({ name: 'box', command: plain.command });
    expect(requestOf({ ...plain, script: 'build' }, 'box')).toEqual({
      name: 'box',
      script: 'build',
    });
    expect(lineOf(aCommandRun({ line: 'ls | wc' }))).toBe('ls | wc');
  });
});
