/** Any sequence of what can happen to a real store. */
import fc from 'fast-check';
import { expect, it, beforeEach, afterEach, vi } from 'vitest';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import type { WrittenImage } from '../../testing/write-oci-layout.ts';
import { filesOfAll, StoreFixture } from '../../testing/store-fixture.ts';

vi.mock('../run-worker.ts', () => import('../testing/run-inline.ts'));

const directory = useTemporaryDirectory();
let store: StoreFixture;
/** Two that share a layer, and one of its own. */
let one: WrittenImage;
let two: WrittenImage;
let three: WrittenImage;

beforeEach(async () => {
  store = await StoreFixture.open(directory.path);
  ({ one, two, three } = await store.writeThree());
});

afterEach(async () => {
  await store.close();
});

type Step =
  | { readonly do: 'add' | 'tag'; readonly name: string; readonly image: number }
  | { readonly do: 'remove' | 'create' | 'force'; readonly name: string }
  | { readonly do: 'forget' | 'prune' | 'prune-all' };

const anyName = fc.constantFrom('test/a', 'test/b', 'test/c');
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom('add', 'tag'), name: anyName, image: fc.nat({ max: 2 }) }),
  fc.record({ do: fc.constantFrom('remove', 'create', 'force'), name: anyName }),
  fc.record({ do: fc.constantFrom('forget', 'prune', 'prune-all') }),
);

it('any sequence leaves everything that is needed, and after a prune nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 4, maxLength: 12 }), async (steps) => {
      const images = [one, two, three];
      const sources = [['base', 'one'], ['base', 'two'], ['three']];
      const named = new Map<string, WrittenImage>();
      const used = new Map<string, WrittenImage>();
      let count = 0;
      for (const step of steps) {
        switch (step.do) {
          case 'add': {
            await store.add(step.name, sources[step.image] ?? []);
            named.set(step.name, images[step.image] ?? one);
            break;
          }
          case 'tag': {
            const from = [...named][step.image];
            if (from === undefined) break;
            await store.upkeep.tag(from[0], step.name);
            named.set(step.name, from[1]);
            break;
          }
          case 'create': {
            const image = named.get(step.name);
            if (image === undefined) break;
            const sandbox = `sandbox-${String((count += 1))}`;
            await store.create(sandbox, async () => {
              const found = await store.library.get(step.name);
              if (found === undefined) throw new Error(`${step.name} is not whole.`);
              return found;
            });
            used.set(sandbox, image);
            break;
          }
          case 'remove':
          case 'force': {
            const image = named.get(step.name);
            const isLast = [...named.values()].filter((each) => each === image).length === 1;
            const isUsed = [...used.values()].includes(image ?? one);
            const removing = store.upkeep.remove(step.name, { force: step.do === 'force' });
            if (image === undefined) {
              await expect(removing).rejects.toMatchObject({ code: 'image/not-stored' });
            } else if (isLast && isUsed && step.do === 'remove') {
              await expect(removing).rejects.toMatchObject({ code: 'image/in-use' });
            } else {
              await removing;
              named.delete(step.name);
            }
            break;
          }
          case 'forget': {
            const [sandbox] = used.keys();
            if (sandbox === undefined) break;
            await store.forget(sandbox);
            used.delete(sandbox);
            break;
          }
          case 'prune':
          case 'prune-all': {
            const all = step.do === 'prune-all';
            await store.upkeep.prune({ all, isPreview: false });
            const isUsed = (image: WrittenImage): boolean => [...used.values()].includes(image);
            for (const [name, image] of named) if (all && !isUsed(image)) named.delete(name);
            const needed = [...named.values(), ...used.values()];
            expect(await store.files()).toEqual(filesOfAll(needed));
            break;
          }
        }
        const files = await store.files();
        const needed = filesOfAll([...named.values(), ...used.values()]);
        expect(needed.filter((file) => !files.includes(file))).toEqual([]);
        expect(await store.names()).toEqual([...named.keys()].sort());
      }
      for (const sandbox of used.keys()) await store.forget(sandbox);
      await store.upkeep.prune({ all: true, isPreview: false });
      expect(await store.files()).toEqual([]);
    }),
    { numRuns: 15 },
  );
}, 60_000);
