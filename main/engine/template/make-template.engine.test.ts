/** A template of a real machine, and two machines that go on from it. */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { expect, it, onTestFinished } from 'vitest';
import { FrameParser } from '../agent/frame-codec.ts';
import { parseGuestFrame, type GuestMessage } from '../agent/guest-messages.ts';
import { nonceBytes } from '../agent/host-messages.ts';
import { ReplyFinder } from '../agent/reply-finder.ts';
import { sayHello } from '../agent/say-hello.ts';
import { silentLogger } from '../base/logger.ts';
import { loadGuestAssets } from '../host/guest-assets-folder.ts';
import { resolvePaths } from '../host/paths.ts';
import { makeTemporaryDirectory } from '../testing/temporary-directory.ts';
import { QemuDriver } from '../vm/qemu/qemu-driver.ts';
import { makeTemplate } from './make-template.ts';
import { describeTemplateHost } from './template-host.ts';
import { chooseShape, templateMachine, type MachineNeeds } from './template-shape.ts';
import { TemplateStore } from './template-store.ts';

const needs: MachineNeeds = {
  ...{ cpus: 1, memoryMiB: 256, accelerator: 'tcg', initramfs: 'image', disks: [] },
  shares: undefined,
  network: { mac: '02:00:00:00:00:02', mtu: 1500 },
};

/** What the agent behind a port says of itself, asked by hand: nobody else wants its boot id. */
async function helloReply(port: Duplex): Promise<Extract<GuestMessage, { type: 'hello-reply' }>> {
  const nonce = randomBytes(nonceBytes);
  const finder = new ReplyFinder(nonce);
  const parser = new FrameParser();
  const fallSilent = sayHello(port, nonce);
  onTestFinished(fallSilent);
  // One reader from start to end: what comes between two that wait for one piece each is lost.
  for await (const chunk of port.iterator({ destroyOnReturn: false })) {
    const bytes = finder.push(chunk as Uint8Array);
    if (bytes === undefined) continue;
    for (const frame of parser.push(bytes)) {
      const message = parseGuestFrame(frame);
      if (message?.type !== 'hello-reply') continue;
      fallSilent();
      return message;
    }
  }
  throw new Error('The port ended before the agent answered.');
}

it('is gone on from by several machines, none of which is the same boot', async () => {
  const folder = await makeTemporaryDirectory();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  const at = (name: string) => path.join(folder.path, name);
  const driver = new QemuDriver({ logger: silentLogger });
  const { cacheDir } = resolvePaths();
  const assets = await loadGuestAssets(cacheDir);
  const host = { assets, canSave: true, ...(await describeTemplateHost(cacheDir)) };
  const { shape } = chooseShape(needs, host);
  if (shape === undefined) throw new Error('There is no shape.');
  const store = await TemplateStore.open({ dir: at('t'), place: 'disk', logger: silentLogger });
  const { signal } = new AbortController();
  const making = { driver, store, assets, runtimeDir: at('run'), emptyDir: at('empty'), signal };
  await makeTemplate(shape, making);
  expect(await readdir(at('t'))).toEqual([shape.key]);
  expect((await readdir(folder.path)).includes('run')).toBe(false);

  const bootIds: string[] = [];
  for (const id of ['one', 'two']) {
    const taken = await store.take(shape);
    if (taken === undefined) throw new Error('There is no template.');
    await mkdir(at(id));
    const vm = await driver.start({
      ...templateMachine(shape, assets, at('empty')),
      id,
      runtimeDir: at(`${id}/run`),
      consoleLogPath: at(`${id}/console.log`),
      monitorLogPath: at(`${id}/monitor.log`),
      from: taken.saved,
    });
    onTestFinished(() => vm.kill());
    const port = await vm.openAgentPort();
    const reply = await helloReply(port);
    expect(reply.isSetUp).toBe(false);
    bootIds.push(Buffer.from(reply.bootId).toString('hex'));
    port.destroy();
    // The host of the same machine comes back: it is the same boot.
    const again = await vm.openAgentPort();
    expect(Buffer.from((await helloReply(again)).bootId).toString('hex')).toBe(bootIds.at(-1));
    taken.release();
  }
  expect(new Set(bootIds).size).toBe(2);

  // Cancelled, it leaves nothing.
  const aborter = new AbortController();
  await store.clear();
  const cancelled = makeTemplate(shape, { ...making, signal: aborter.signal });
  aborter.abort();
  await expect(cancelled).rejects.toMatchObject({ code: 'operation/cancelled' });
  expect(await readdir(at('t'))).toEqual([]);
});
