import { describe, expect, it, vi } from 'vitest';
import { RememberedTags, type AskTags } from './remembered-tags.ts';

const app = { registry: 'registry.example', repository: 'team/app' };

describe('RememberedTags', () => {
  it('asks once a minute', async () => {
    let nowMs = 0;
    const ask = vi.fn<AskTags>(() => Promise.resolve(['1']));
    const tags = new RememberedTags(ask, { nowMs: () => nowMs });
    await Promise.all([tags.of({ ...app, tag: 'a' }), tags.of({ ...app, tag: 'b' })]);
    nowMs = 59_999;
    expect(await tags.of(app)).toEqual(['1']);
    expect(ask).toHaveBeenCalledTimes(1);
    nowMs = 60_001;
    await tags.of(app);
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it('asks again soon after a failure', async () => {
    let nowMs = 0;
    const ask = vi.fn<AskTags>(() => Promise.reject(new Error('no')));
    const tags = new RememberedTags(ask, { nowMs: () => nowMs });
    await expect(tags.of(app)).rejects.toThrow('no');
    await expect(tags.of(app)).rejects.toThrow('no');
    expect(ask).toHaveBeenCalledTimes(1);
    nowMs = 5001;
    ask.mockResolvedValue(['1']);
    expect(await tags.of(app)).toEqual(['1']);
  });

  it('waits no longer than it may', async () => {
    const tags = new RememberedTags(
      (_, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            reject(new Error('in time'));
          });
        }),
      { waitMs: 1 },
    );
    await expect(tags.of(app)).rejects.toThrow('in time');
  });

  it('remembers a number of repositories', async () => {
    const ask = vi.fn<AskTags>(() => Promise.resolve([]));
    const tags = new RememberedTags(ask);
    for (let number = 0; number <= 64; number += 1) {
      await tags.of({ registry: 'registry.example', repository: String(number) });
    }
    await tags.of({ registry: 'registry.example', repository: '64' });
    expect(ask).toHaveBeenCalledTimes(65);
    await tags.of({ registry: 'registry.example', repository: '0' });
    expect(ask).toHaveBeenCalledTimes(66);
  });
});
