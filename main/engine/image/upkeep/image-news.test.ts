import { expect, it, vi } from 'vitest';
import type { Image } from '../../../contract/image.ts';
import { silentLogger } from '../../base/logger.ts';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { ImageLibrary } from '../image-library.ts';
import { ImageNews } from './image-news.ts';

const directory = useTemporaryDirectory();

it('tells of changes, of several at once once more, and of none twice', async () => {
  const library = await ImageLibrary.open({ dir: directory.path, logger: silentLogger });
  const { references } = library.store;
  const lists: PromiseWithResolvers<Image[]>[] = [];
  vi.spyOn(library, 'list').mockImplementation(() => {
    const list = Promise.withResolvers<Image[]>();
    lists.push(list);
    return list.promise;
  });
  const told: number[] = [];
  const starting = ImageNews.start(library, silentLogger, (images) => told.push(images.length));
  const image = { reference: 'a' } as Image;
  lists[0]?.resolve([image]);
  const news = await starting;
  expect(news.latest).toEqual([image]);
  const entry = { digest: `sha256:${'a'.repeat(64)}`, pulledAtMs: 1 };
  for (const name of ['docker.io/a/a:1', 'docker.io/a/a:2', 'docker.io/a/a:3']) {
    await references.set(name, entry);
  }
  // One list is under way since the first change; another one follows for the rest.
  expect(lists).toHaveLength(2);
  lists[1]?.resolve([image, image]);
  await vi.waitFor(() => {
    expect(lists).toHaveLength(3);
  });
  lists[2]?.reject(new Error('The disk is gone.'));
  await references.delete('docker.io/a/a:3');
  await vi.waitFor(() => {
    expect(lists).toHaveLength(4);
  });
  lists[3]?.resolve([]);
  await vi.waitFor(() => {
    expect(told).toEqual([2, 0]);
  });
  expect(news.latest).toEqual([]);
});
