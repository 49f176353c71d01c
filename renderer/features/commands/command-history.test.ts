import { expect, it } from 'vitest';
import { aCommandRun } from '../../testing/live-builders.ts';
import { beforeHistory, historyOf, stepHistory } from './command-history.ts';

it('has each line once, the latest first, and no scripts', () => {
  const { line: _none, ...scripted } = aCommandRun({ script: 'build' });
  const runs = [
    aCommandRun({ line: 'ls' }),
    scripted,
    aCommandRun({ line: 'pwd' }),
    aCommandRun({ line: 'ls' }),
  ];
  expect(historyOf(runs)).toEqual(['ls', 'pwd']);
});

it('goes back and forth, and comes back to what was being typed', () => {
  const history = ['second', 'first'];
  const back = stepHistory(history, beforeHistory, 1, 'typed');
  expect(back?.text).toBe('second');
  const further = stepHistory(history, back?.place ?? beforeHistory, 1, 'second');
  expect(further?.text).toBe('first');
  expect(stepHistory(history, further?.place ?? beforeHistory, 1, 'first')).toBeUndefined();
  const forth = stepHistory(history, back?.place ?? beforeHistory, -1, 'second');
  expect(forth).toEqual({ place: beforeHistory, text: 'typed' });
  expect(stepHistory(history, beforeHistory, -1, 'typed')).toBeUndefined();
});
