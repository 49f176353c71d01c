/** A sandbox that takes a machine which stood ready, in real guests. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { connectAgent } from '../../agent/agent-client.ts';
import { silentLogger } from '../../base/logger.ts';
import type { Engine } from '../../engine.ts';
import { createUpperDisk, loadGuestAssets } from '../../host/guest-assets-folder.ts';
import { resolvePaths } from '../../host/paths.ts';
import { describeTemplateHost } from '../../template/template-host.ts';
import { chooseShape } from '../../template/template-shape.ts';
import { TemplateStore } from '../../template/template-store.ts';
import { makeTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { createSandbox, runScript, succeed, TestHome } from '../../testing/test-engine.ts';
import { QemuDriver } from '../../vm/qemu/qemu-driver.ts';
import { guestNetwork } from '../plan-boot.ts';
import { endLeftStandbys, makeStandby } from './make-standby.ts';
import { emptyDisks } from './standby-disks.ts';

// A template may have to be made, and a machine for each start.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let home: TestHome;
let engine: Engine;
const runtimeDir = () => resolvePaths({ ...process.env, SKERRY_HOME: home.dir }).runtimeDir;

beforeAll(async () => {
  home = await TestHome.make();
  engine = await home.open({ templates: 'ahead', standby: 'ahead' });
});
afterAll(async () => {
  await home[Symbol.asyncDispose]();
});

async function output(name: string, script: string): Promise<string> {
  const { stdout, stderr, exit } = await runScript(engine, name, script);
  expect(exit, `${script}: ${stderr}`).toEqual({ kind: 'exited', code: 0 });
  return stdout;
}

async function stepsOf(name: string): Promise<string[]> {
  const [latest] = await engine.sandboxes.boots(name);
  return (latest?.steps ?? []).map(({ key }) => key);
}

async function standbysIn(dir: string): Promise<string[]> {
  return (await readdir(dir)).filter((name) => name.startsWith('standby'));
}

it('is the sandbox alone, with nothing of what it rehearsed', async () => {
  await createSandbox(engine, { name: 'one', rootDiskMiB: 300 });
  const steps = await stepsOf('one');
  expect(steps).toContain('standby');
  expect(steps).not.toContain('restore');
  expect(await output('one', 'hostname; cat /etc/hostname')).toBe('one\none\n');
  // The disks that it has, in their order, and no other.
  const disks = 'cd /sys/block; for d in vd*; do echo $d $(cat $d/serial); done';
  expect(await output('one', disks)).toBe('vda root\nvdb upper\n');
  expect(Number(await output('one', "df -m / | awk 'NR==2 {print $2}'"))).toBeGreaterThan(200);
  // One root and one of each filesystem of the kernel, and the agent, whose child reads this.
  expect(await output('one', "grep -c ' / ' /proc/mounts; grep -c ' /proc ' /proc/mounts")).toBe(
    '1\n1\n',
  );
  const commands = "ls -d /proc/[0-9]* | while read p; do readlink $p/exe; done | grep -v '^/init'";
  expect(new Set((await output('one', `${commands}; true`)).trim().split('\n')).size).toBe(1);
  expect(await output('one', 'ls /')).not.toContain('rehearsal');
  const addresses = (await output('one', 'ip -o addr show dev eth0')).trim().split('\n');
  expect(addresses.filter((line) => / inet /.test(line)).length).toBe(1);
  expect((await output('one', 'ip route')).match(/^default/gm)?.length).toBe(1);
  const before = Math.floor(Date.now() / 1000);
  expect(Number(await output('one', 'date +%s'))).toBeGreaterThanOrEqual(before - 1);

  // It is found by its own name again, and what is written stays.
  await output('one', 'echo kept > /root/kept; sync');
  await home.close();
  engine = await home.open({ templates: 'ahead', standby: 'ahead' });
  expect(engine.sandboxes.inspect('one').state).toBe('running');
  expect(await output('one', 'cat /root/kept')).toBe('kept\n');
  await engine.sandboxes.stop('one');
  await succeed(engine, await engine.sandboxes.start('one'));
  expect(await stepsOf('one')).toContain('standby');
  expect(await output('one', 'cat /root/kept')).toBe('kept\n');
});

it('shares no random number with another one', async () => {
  const names = ['two', 'three'];
  for (const name of names) await createSandbox(engine, { name });
  const script =
    'cat /proc/sys/kernel/random/boot_id /proc/sys/kernel/random/uuid; ' +
    'head -c 32 /dev/urandom | od -An -tx1';
  const [two, three] = await Promise.all(names.map((name) => output(name, script)));
  // The boot id is the kernel's, from its first use on: after the entropy of its own host.
  const lines = `${two ?? ''}${three ?? ''}`.split('\n').filter((line) => line !== '');
  expect(new Set(lines).size).toBe(lines.length);
  for (const name of names) await engine.sandboxes.remove(name, { force: true });
});

it('leaves nothing where it was', async () => {
  expect(await standbysIn(runtimeDir())).toEqual([]);
  // Removed behind the start, which does not wait for it.
  await vi.waitFor(async () => {
    expect(await readdir(path.join(home.dir, 'standby')).catch(() => [])).toEqual([]);
  });
});

it('is suspended and goes on as any other', async () => {
  await createSandbox(engine, { name: 'kept', scripts: { greet: 'echo hi' } });
  expect(await stepsOf('kept')).toContain('standby');
  await createSandbox(engine, { name: 'plain' });
  await output('plain', 'echo memory > /dev/shm/word');
  await succeed(engine, await engine.sandboxes.suspend('plain'));
  await succeed(engine, await engine.sandboxes.start('plain'));
  expect(await output('plain', 'cat /dev/shm/word')).toBe('memory\n');
  expect(await output('kept', 'greet')).toBe('hi\n');
});

/** A machine that stands ready, without an engine. */
async function makeOne(dir: string) {
  const driver = new QemuDriver({ logger: silentLogger });
  const { cacheDir } = resolvePaths();
  const assets = await loadGuestAssets(cacheDir);
  const { mac } = guestNetwork();
  const address = [...mac].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
  const { shape } = chooseShape(
    {
      ...{ cpus: 1, memoryMiB: 512, accelerator: 'tcg', initramfs: 'image', shares: undefined },
      disks: emptyDisks(),
      network: { mac: address, mtu: 65_520 },
    },
    { assets, canSave: true, ...(await describeTemplateHost(cacheDir)) },
  );
  if (shape === undefined) throw new Error('There is no shape.');
  const templatesDir = path.join(cacheDir, 'templates');
  const store = await TemplateStore.open({
    dir: templatesDir,
    place: 'disk',
    logger: silentLogger,
  });
  const template = await store.take(shape);
  if (template === undefined) throw new Error('There is no template of the default shape.');
  onTestFinished(() => {
    template.release();
  });
  const dirs = { runtimeDir: path.join(dir, 'run'), workDir: path.join(dir, 'work') };
  const making = {
    ...{ driver, connectAgent, createUpperDisk, logger: silentLogger },
    ...dirs,
    emptyDir: path.join(dir, 'empty'),
  };
  const { signal } = new AbortController();
  return { dirs, standby: await makeStandby(shape, template, assets, making, signal) };
}

it('is ended by the next engine where its own was killed', async () => {
  const folder = await makeTemporaryDirectory();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  const { dirs, standby } = await makeOne(folder.path);
  const { pid } = standby.vm;
  await standby.vm.release();
  process.kill(pid, 0);
  await endLeftStandbys(new QemuDriver({ logger: silentLogger }), dirs);
  expect(() => process.kill(pid, 0)).toThrow();
  expect(await standbysIn(dirs.runtimeDir)).toEqual([]);
});

it('is somebody’s as soon as it was moved, and has the disks that it was given', async () => {
  const folder = await makeTemporaryDirectory();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  const { standby } = await makeOne(folder.path);
  const { vm } = standby;
  const at = (name: string): string => path.join(folder.path, name);
  const place = {
    ...{ id: 'moved', runtimeDir: at('moved') },
    ...{ consoleLogPath: at('console.log'), monitorLogPath: at('monitor.log') },
  };
  await vm.moveTo(place);
  expect(vm.networkSocket).toBe(at('moved/net.sock'));
  const driver = new QemuDriver({ logger: silentLogger });
  expect(await driver.reattach({ ...place, id: 'another' })).toBeUndefined();
  // A disk that is not there is no disk: the machine is of no use, and says why.
  const missing = { serial: 'upper', path: at('no-disk'), format: 'raw', readOnly: false } as const;
  await expect(vm.setDisks([missing])).rejects.toMatchObject({ code: 'vm/start-failed' });
  await vm.release();
  const again = await driver.reattach(place);
  expect(again?.pid).toBe(vm.pid);
  await again?.kill();
});
