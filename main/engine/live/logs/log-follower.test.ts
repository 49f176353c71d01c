import { describe, expect, it } from 'vitest';
import { LogFollower, type SandboxLogEvent } from './log-follower.ts';
import type { StoredLine } from './stored-line.ts';

const line = (sequence: number, commandId?: string): StoredLine => ({
  ...{ sequence, atMs: 0, source: 'console', text: String(sequence) },
  ...(commandId === undefined ? {} : { commandId }),
});
const page = { lines: [line(1), line(2, 'x'), line(3)], hasEarlier: true, oldestSequence: 1 };

function aFollower(): { readonly follower: LogFollower; readonly heard: SandboxLogEvent[] } {
  const heard: SandboxLogEvent[] = [];
  return {
    follower: new LogFollower(
      () => true,
      (event) => heard.push(event),
    ),
    heard,
  };
}

describe('one who follows a log', () => {
  it('hears of nothing that is cleared while the latest lines are read', () => {
    const { follower, heard } = aFollower();
    follower.hear({ type: 'lines', lines: [line(4)] });
    follower.hear({ type: 'cleared', oldestSequence: 5 });
    follower.hear({ type: 'lines', lines: [line(5)] });
    follower.begin(page);
    expect(heard).toEqual([
      { type: 'latest', lines: [line(5)], hasEarlier: false, oldestSequence: 5 },
    ]);
  });

  it('hears of no run that is removed while the latest lines are read', () => {
    const { follower, heard } = aFollower();
    follower.hear({ type: 'lines', lines: [line(4, 'x'), line(5, 'y')] });
    follower.hear({ type: 'removed', commandId: 'x' });
    follower.begin(page);
    expect(heard).toEqual([{ ...page, type: 'latest', lines: [line(1), line(3), line(5, 'y')] }]);
  });

  it('hears of what goes later as it goes', () => {
    const { follower, heard } = aFollower();
    follower.begin(page);
    const changes = [
      { type: 'removed', commandId: 'x' },
      { type: 'cleared', oldestSequence: 4 },
      { type: 'lines', lines: [line(4)] },
    ] as const;
    for (const change of changes) follower.hear(change);
    expect(heard.slice(1)).toEqual(changes);
  });
});
