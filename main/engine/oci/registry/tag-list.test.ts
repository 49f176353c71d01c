import { describe, expect, it } from 'vitest';
import {
  startScriptedRegistry,
  type Lie,
  type ScriptedRegistry,
} from '../../testing/scripted-registry.ts';
import { defaultHttpTimeouts } from './http-answer.ts';
import { RegistryEndpoints } from './registry-endpoints.ts';
import { RegistryRequests } from './registry-requests.ts';
import { listTags } from './tag-list.ts';

const page =
  (tags: unknown, link?: string): Lie =>
  (_, response) =>
    void response
      .writeHead(200, link === undefined ? {} : { link })
      .end(JSON.stringify({ name: 'team/app', tags }));

describe('listTags', () => {
  async function list(registry: ScriptedRegistry): Promise<string[]> {
    const timeouts = defaultHttpTimeouts;
    const requests = new RegistryRequests(new RegistryEndpoints({ timeouts }), timeouts);
    const repository = { registry: registry.host, repository: 'team/app' };
    return await listTags(requests, repository, { backoffMs: [1] });
  }

  it('follows the pages to the last', async () => {
    await using registry = await startScriptedRegistry();
    registry.lie(
      /tags\/list/,
      page(['a', 'b'], '</v2/team/app/tags/list?n=2&last=b>; rel="next"'),
      page(['c'], '<?n=2&last=c>; rel="next"'),
      page(null),
    );
    expect(await list(registry)).toEqual(['a', 'b', 'c']);
    expect(registry.requests.map(({ url }) => url)).toEqual([
      '/v2/team/app/tags/list?n=1000',
      '/v2/team/app/tags/list?n=2&last=b',
      '/v2/team/app/tags/list?n=2&last=c',
    ]);
  });

  it('tries a page again after a fault', async () => {
    await using registry = await startScriptedRegistry();
    const fault: Lie = (_, response) => void response.writeHead(503).end();
    registry.lie(/tags\/list/, page(['a'], '<?last=a>; rel="next"'), fault, page(['b']));
    expect(await list(registry)).toEqual(['a', 'b']);
  });

  it('leaves out what is no tag, and what it has already', async () => {
    await using registry = await startScriptedRegistry();
    registry.lie(/tags\/list/, page(['a', 'a', '../b', '', '-c', 'x'.repeat(129), '\u001b[2J', 1]));
    expect(await list(registry)).toEqual(['a']);
  });

  it('ends a list that has no end', async () => {
    await using registry = await startScriptedRegistry();
    registry.lie(/tags\/list/, page(['a'], '<?again>; rel="next"'));
    expect(await list(registry)).toEqual(['a']);
    expect(registry.requests).toHaveLength(20);
  });

  it('takes no more than so many tags', async () => {
    await using registry = await startScriptedRegistry();
    const many = Array.from({ length: 20_000 }, (_, index) => `t${String(index)}`);
    registry.lie(/tags\/list/, page(many, '<?again>; rel="next"'));
    expect(await list(registry)).toHaveLength(10_000);
    expect(registry.requests).toHaveLength(1);
  });

  it.each(['<http://127.0.0.1:9/v2/>; rel="next"', '<https://elsewhere.example/>; rel="next"'])(
    'does not go on at %s',
    async (link) => {
      await using registry = await startScriptedRegistry();
      registry.lie(/tags\/list/, page(['a'], link));
      await expect(list(registry)).rejects.toMatchObject({ code: 'registry/bad-answer' });
    },
  );

  it('says what there is not', async () => {
    await using registry = await startScriptedRegistry();
    await expect(list(registry)).rejects.toMatchObject({ code: 'image/not-found' });
    registry.lie(/tags\/list/, (_, response) => void response.end('<html>'));
    await expect(list(registry)).rejects.toMatchObject({ code: 'registry/bad-answer' });
  });
});
