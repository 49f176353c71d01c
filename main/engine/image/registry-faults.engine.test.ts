/** Pulls from a real registry behind a line that breaks in every way. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectFiles, expectSound, openImpatient } from '../testing/fault-store.ts';
import {
  startMisbehavingRegistry,
  type MisbehavingRegistry,
} from '../testing/misbehaving-registry.ts';
import type { Misbehaviour } from '../testing/misbehaving-registry.ts';
import * as faults from '../testing/misbehaviours.ts';
import { startRegistry, type TestRegistry } from '../testing/registry.ts';
import { makeTar } from '../testing/tar.ts';
import { makeTemporaryDirectory, useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { writeOciLayout, type WrittenImage } from '../testing/write-oci-layout.ts';
import type { ImageLibrary } from './image-library.ts';

/** So much that it does not compress, and that parts of it are kept. */
const large = randomBytes(3_000_000);
const files = { large, small: Buffer.from('small') };
const repository = 'team/app:1';

describe('a pull from a registry that misbehaves', () => {
  const directory = useTemporaryDirectory();
  let registry: TestRegistry;
  let image: WrittenImage;
  let proxy: MisbehavingRegistry;
  let library: ImageLibrary;
  let reference: string;

  const storeDir = (): string => join(directory.path, 'store');

  beforeAll(async () => {
    registry = await startRegistry();
    await using layout = await makeTemporaryDirectory();
    image = await writeOciLayout(layout.path, [
      makeTar([{ name: 'large', content: large }]),
      makeTar([{ name: 'small', content: 'small' }]),
    ]);
    await registry.push(layout.path, image.refName, repository);
  });
  afterAll(async () => {
    await registry[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    proxy = await startMisbehavingRegistry(registry.host);
    library = await openImpatient(storeDir());
    reference = `${proxy.host}/${repository}`;
  });
  afterEach(async () => {
    await library.close();
    await proxy[Symbol.asyncDispose]();
  });

  const urls = {
    manifest: /\/manifests\//,
    get config() {
      return new RegExp(image.config.digest);
    },
    get layer() {
      return new RegExp(image.layers[0]?.digest ?? '');
    },
  };
  const layerBytes = (): number => image.layers[0]?.size ?? 0;

  /** What holds after every fault, whatever came of the pull. */
  async function expectRecovery(): Promise<void> {
    await expectSound(library, storeDir());
    proxy.behave();
    await expectFiles(await library.pull(reference), files);
    await expectSound(library, storeDir());
  }

  async function pulls(): Promise<void> {
    await expectFiles(await library.pull(reference), files);
    await expectRecovery();
  }

  async function failsWith(code: string): Promise<void> {
    await expect(library.pull(reference)).rejects.toMatchObject({ code });
    expect(await library.get(reference)).toBeUndefined();
    await expectRecovery();
  }

  it.each<[string, keyof typeof urls, Misbehaviour[]]>([
    ['breaks off within a layer', 'layer', [faults.cutAfter(2_000_000)]],
    ['breaks off again and again', 'layer', [1, 2].map(() => faults.cutAfter(1_100_000))],
    ['breaks off within a configuration', 'config', [faults.cutAfter(10)]],
    ['breaks off within a manifest', 'manifest', [faults.cutAfter(10)]],
    ['breaks off before the first byte', 'layer', [faults.cutAfter(0)]],
    ['never answers, once', 'layer', [faults.stall]],
    ['never answers with a manifest, once', 'manifest', [faults.stall]],
    ['is slow', 'layer', [faults.drip(200_000, 10)]],
    ['has no time', 'manifest', [faults.answerWith(429, { 'retry-after': '0' })]],
    [
      'has no time until a date',
      'layer',
      [faults.answerWith(429, { 'retry-after': 'Sun, 06 Nov 1994 08:49:37 GMT' })],
    ],
    ['fails twice', 'manifest', [faults.answerWith(500), faults.answerWith(502)]],
    ['fails twice within an image', 'config', [faults.answerWith(503), faults.answerWith(504)]],
    ['fails twice with a layer', 'layer', [faults.answerWith(500), faults.answerWith(502)]],
    ['ends a layer early', 'layer', [faults.truncate(1_500_000, 'nothing')]],
    ['ends a layer early and says so', 'layer', [faults.truncate(1_500_000, 'short')]],
    ['ends a layer earlier than it says', 'layer', [faults.truncate(1_500_000, 'whole')]],
    ['ignores ranges', 'layer', [faults.cutAfter(1_500_000), faults.ignoreRange]],
    ['gives another range', 'layer', [faults.cutAfter(1_500_000), faults.giveOtherRange]],
    ['gives wrong bytes for a range', 'layer', [faults.cutAfter(1_500_000), faults.lieAboutRange]],
  ])('gets through where it %s', async (_, what, misbehaviours) => {
    proxy.misbehave(urls[what], ...misbehaviours);
    await pulls();
  });

  it.each<[string, keyof typeof urls, Misbehaviour, string]>([
    ['always breaks off', 'layer', faults.cutAfter(300_000), 'registry/unreachable'],
    ['never answers', 'layer', faults.stall, 'registry/unreachable'],
    ['never answers with a manifest', 'manifest', faults.stall, 'registry/unreachable'],
    ['always fails', 'layer', faults.answerWith(500), 'registry/bad-answer'],
    ['always fails with a manifest', 'manifest', faults.answerWith(502), 'registry/bad-answer'],
    ['refuses', 'manifest', faults.answerWith(403), 'registry/unauthorized'],
    ['has lost a layer', 'layer', faults.answerWith(404), 'registry/bad-answer'],
    ['gives other bytes of a layer', 'layer', faults.changeBytes, 'registry/digest-mismatch'],
    [
      'gives other bytes of a configuration',
      'config',
      faults.changeBytes,
      'registry/digest-mismatch',
    ],
    ['gives other bytes of a manifest', 'manifest', faults.changeBytes, 'registry/digest-mismatch'],
    ['gives more than there is', 'layer', faults.sayMore, 'registry/digest-mismatch'],
    ['gives more of a configuration', 'config', faults.sayMore, 'registry/digest-mismatch'],
    ['never ends a layer', 'layer', faults.neverEnd, 'registry/digest-mismatch'],
    ['never ends a configuration', 'config', faults.neverEnd, 'registry/digest-mismatch'],
    ['never ends a manifest', 'manifest', faults.neverEnd, 'registry/bad-answer'],
    [
      'ends a layer early, always',
      'layer',
      faults.truncate(300_000, 'short'),
      'registry/bad-answer',
    ],
    [
      'breaks off and gives wrong bytes for the rest',
      'layer',
      (exchange) => {
        const isRest = exchange.request.headers.range !== undefined;
        return (isRest ? faults.lieAboutRange : faults.cutAfter(1_500_000))(exchange);
      },
      'registry/digest-mismatch',
    ],
    ['gives no manifest', 'manifest', faults.answerWith(200, {}, '<html>'), 'registry/bad-answer'],
  ])('fails in words where it %s', async (_, what, misbehaviour, code) => {
    proxy.alwaysMisbehave(urls[what], misbehaviour);
    await failsWith(code);
  });

  it.each(['3600', 'Tue, 01 Jan 2999 00:00:00 GMT'])(
    'does not wait for one that has no time until %s',
    async (retryAfter) => {
      proxy.alwaysMisbehave(urls.layer, faults.answerWith(429, { 'retry-after': retryAfter }));
      const failed = library.pull(reference);
      await expect(failed).rejects.toMatchObject({
        code: 'registry/bad-answer',
        hint: expect.stringContaining('Try again in') as string,
      });
      expect(proxy.requestsFor(urls.layer)).toHaveLength(1);
      await expectRecovery();
    },
  );

  it('goes on from where the line broke, in this pull and the next', async () => {
    proxy.misbehave(urls.layer, ...[1, 2, 3].map(() => faults.cutAfter(300_000)));
    await expect(library.pull(reference)).rejects.toMatchObject({ code: 'registry/unreachable' });
    const first = proxy.sentBytes(urls.layer);
    expect(first).toBe(900_000);
    proxy.behave();
    await library.pull(reference);
    expect(proxy.sentBytes(urls.layer)).toBe(layerBytes() - first);
    expect(proxy.requestsFor(urls.layer)[0]?.headers.range).toBe(`bytes=${String(first)}-`);
    // What was there already was not asked for.
    expect(proxy.requestsFor(urls.config)).toEqual([]);
    await expectSound(library, storeDir());
  });

  it('stops at once when it is cancelled, and keeps what came', async () => {
    const never = new Promise(() => undefined);
    proxy.misbehave(urls.layer, faults.pauseAfter(2_000_000, never));
    const abort = new AbortController();
    const cancelled = library.pull(reference, {
      signal: abort.signal,
      onProgress: (progress) => {
        if (progress.type === 'layer' && progress.bytesDone >= 1_000_000) abort.abort();
      },
    });
    await expect(cancelled).rejects.toMatchObject({ code: 'operation/cancelled' });
    await expectSound(library, storeDir());
    proxy.behave();
    await expectFiles(await library.pull(reference), files);
    expect(proxy.sentBytes(urls.layer)).toBeLessThanOrEqual(layerBytes() - 1_000_000);
    await expectSound(library, storeDir());
  });

  it('does not mix two images where the tag moves meanwhile', async () => {
    const gate = Promise.withResolvers<undefined>();
    proxy.misbehave(urls.config, faults.holdUntil(gate.promise));
    await using layout = await makeTemporaryDirectory();
    const moved = Buffer.from('moved');
    const other = await writeOciLayout(layout.path, [makeTar([{ name: 'small', content: moved }])]);
    const tag = 'team/moving:1';
    const moving = `${proxy.host}/${tag}`;
    await using first = await makeTemporaryDirectory();
    await writeOciLayout(first.path, [
      makeTar([{ name: 'large', content: large }]),
      makeTar([{ name: 'small', content: 'small' }]),
    ]);
    await registry.push(first.path, 'latest', tag);
    const pulling = library.pull(moving);
    await expect.poll(() => proxy.requestsFor(urls.config).length).toBe(1);
    await registry.push(layout.path, other.refName, tag);
    gate.resolve(undefined);
    const pulled = await pulling;
    expect(pulled.digest).toBe(image.manifest.digest);
    await expectFiles(pulled, files);
    await expectSound(library, storeDir());
    const again = await library.pull(moving);
    expect(again.digest).toBe(other.manifest.digest);
    await expectFiles(again, { small: moved });
    await expectSound(library, storeDir());
  });

  it('takes no credential elsewhere', async () => {
    await using elsewhere = await startMisbehavingRegistry(registry.host);
    const token = 'a-token-of-this-registry-alone';
    proxy.alwaysMisbehave(/\/token/, faults.answerWith(200, {}, JSON.stringify({ token })));
    proxy.alwaysMisbehave(/\/v2\//, async (exchange) => {
      if (exchange.request.headers.authorization !== `Bearer ${token}`) {
        const challenge = `Bearer realm="http://${proxy.host}/token",service="test"`;
        await faults.answerWith(401, { 'www-authenticate': challenge })(exchange);
      } else if (exchange.request.url.includes('/blobs/')) {
        await faults.redirectTo(elsewhere.host)(exchange);
      } else exchange.give(await exchange.ask());
    });
    await expectFiles(await library.pull(reference), files);
    expect(elsewhere.requests.length).toBe(3);
    for (const { headers } of elsewhere.requests) {
      expect(headers.authorization).toBeUndefined();
      expect(JSON.stringify(headers)).not.toContain(token);
    }
    await expectRecovery();
  });

  it('does nothing twice for images that overlap and are pulled at once', async () => {
    await using layout = await makeTemporaryDirectory();
    const shared = makeTar([{ name: 'large', content: large }]);
    const own = ['a', 'b', 'c'].map((name) => makeTar([{ name, content: name }]));
    const references: string[] = [];
    const written: WrittenImage[] = [];
    for (const [index, tar] of own.entries()) {
      const refName = `image-${String(index)}`;
      const overlapping = await writeOciLayout(layout.path, [shared, tar], { refName });
      written.push(overlapping);
      const tag = `team/overlapping:${String(index)}`;
      await registry.push(layout.path, refName, tag);
      references.push(`${proxy.host}/${tag}`);
    }
    const pulled = await Promise.all(
      [...references, ...references].map((name) => library.pull(name)),
    );
    expect(new Set(pulled.map(({ digest }) => digest)).size).toBe(3);
    const digests = new Set(
      written.flatMap(({ config, layers }) => [config, ...layers].map(({ digest }) => digest)),
    );
    expect(digests.size).toBe(7);
    for (const digest of digests) expect(proxy.requestsFor(new RegExp(digest))).toHaveLength(1);
    await expectSound(library, storeDir());
  });
});
