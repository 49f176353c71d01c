import { describe, expect, it } from 'vitest';
import { createPathChooser } from './path-chooser.ts';

/** A page whose preload script is asked; the test answers. */
function setUp() {
  const page = new EventTarget();
  const requests: [string, string][] = [];
  const choosePath = createPathChooser(
    {
      choosePath: (requestId, kind) => {
        requests.push([requestId, kind]);
      },
    },
    page as unknown as Window,
  );
  const post = (data: unknown, source: unknown = page) => {
    page.dispatchEvent(Object.assign(new Event('message'), { source, data }));
  };
  return { choosePath, requests, post };
}

describe('createPathChooser', () => {
  it('gives the path that was chosen for its own request', async () => {
    const { choosePath, requests, post } = setUp();
    const chosen = [choosePath('directory'), choosePath('file')];
    expect(requests.map(([, kind]) => kind)).toEqual(['directory', 'file']);
    const [first, second] = requests.map(([id]) => id);
    post({ type: 'skerry:chosen-path', requestId: second, path: '/second' });
    post({ type: 'skerry:chosen-path', requestId: first, path: '/first' });
    expect(await Promise.all(chosen)).toEqual(['/first', '/second']);
  });

  it('gives nothing when the dialog was cancelled', async () => {
    const { choosePath, requests, post } = setUp();
    const chosen = choosePath('any');
    post({ type: 'skerry:chosen-path', requestId: requests[0]?.[0], path: undefined });
    expect(await chosen).toBeUndefined();
  });

  it('believes neither another window nor another message', async () => {
    const { choosePath, requests, post } = setUp();
    const chosen = choosePath('any');
    const requestId = requests[0]?.[0];
    post({ type: 'skerry:chosen-path', requestId, path: '/forged' }, {});
    post({ type: 'skerry:rpc-port', requestId, path: '/forged' });
    post({ type: 'skerry:chosen-path', requestId, path: 7 });
    post({ type: 'skerry:chosen-path', requestId: 'other', path: '/forged' });
    post(null);
    post({ type: 'skerry:chosen-path', requestId, path: '/real' });
    expect(await chosen).toBe('/real');
  });
});
