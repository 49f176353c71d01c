import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DecisionReporter, type CountedDecision, type NewDecision } from './decision-reporter.ts';

function decision(changes: Partial<NewDecision> = {}): NewDecision {
  return {
    ...{ verdict: 'deny', rule: 'deny private', source: 'deny.0', reason: 'It is private.' },
    ...{ direction: 'egress', protocol: 'tcp', address: '10.0.0.1', port: 80, ...changes },
  };
}

describe('the reporter of decisions', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 5000 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function reporter(): { reporter: DecisionReporter; reports: CountedDecision[][] } {
    const reports: CountedDecision[][] = [];
    return { reporter: new DecisionReporter((report) => reports.push(report)), reports };
  }

  it('counts what repeats, and reports it once with its latest time', () => {
    const test = reporter();
    test.reporter.add(decision());
    vi.advanceTimersByTime(40);
    test.reporter.add(decision({ reason: 'It is private still.' }));
    test.reporter.add(decision({ port: 81 }));
    expect(test.reports).toEqual([]);
    vi.advanceTimersByTime(60);
    expect(test.reports).toEqual([
      [
        { ...decision(), count: 2, atMs: 5040 },
        { ...decision({ port: 81 }), count: 1, atMs: 5040 },
      ],
    ]);
  });

  it('begins to count anew after a report, and says nothing where nothing was decided', () => {
    const test = reporter();
    test.reporter.add(decision());
    vi.advanceTimersByTime(1000);
    test.reporter.flush();
    expect(test.reports).toHaveLength(1);
    test.reporter.add(decision());
    vi.advanceTimersByTime(1000);
    expect(test.reports[1]).toMatchObject([{ count: 1 }]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('reports what waits when it is asked, and not again', () => {
    const test = reporter();
    test.reporter.add(decision());
    test.reporter.flush();
    vi.advanceTimersByTime(1000);
    expect(test.reports).toHaveLength(1);
  });

  it('holds no more than a bound, and still counts what it holds', () => {
    const test = reporter();
    for (let port = 1; port <= 10_000; port += 1) test.reporter.add(decision({ port }));
    test.reporter.add(decision({ port: 1 }));
    test.reporter.flush();
    expect(test.reports[0]).toHaveLength(512);
    expect(test.reports[0]?.[0]).toMatchObject({ port: 1, count: 2 });
  });
});
