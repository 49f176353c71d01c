import { describe, expect, it } from 'vitest';
import type { Decision } from '../contract/network.ts';
import { DecisionNews } from './decision-news.ts';

function aDecision(id: number, count: number): Decision {
  return {
    ...{ id, count, firstAtMs: 0, atMs: 0, direction: 'egress', protocol: 'tcp' },
    ...{ verdict: 'deny', rule: 'deny private', source: 'deny.0', reason: 'It is private.' },
  };
}

describe('DecisionNews', () => {
  it('tells each entry once, and again with another count', () => {
    const news = new DecisionNews();
    const [first, second] = [aDecision(1, 1), aDecision(2, 1)];
    expect(news.of([first])).toEqual([first]);
    expect(news.of([first, second])).toEqual([second]);
    expect(news.of([aDecision(1, 5), second])).toEqual([aDecision(1, 5)]);
  });

  it('forgets what has not changed for longest', () => {
    const news = new DecisionNews(2);
    news.of([aDecision(1, 1), aDecision(2, 1)]);
    news.of([aDecision(1, 2), aDecision(3, 1)]);
    expect(news.of([aDecision(1, 2), aDecision(3, 1), aDecision(2, 1)])).toEqual([aDecision(2, 1)]);
  });
});
