/** The least that a restore can do: bare QEMU with the devices of a sandbox, and a template of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, connect } from 'node:net';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import {
  bareKernelArguments,
  bareMachineArguments,
  endProcess,
  untilBareWord,
  type BareBoot,
  type StartedMachine,
} from './bare-boot.ts';
import { BareMonitor } from './bare-monitor.ts';

/** Where the memory of a saved machine is: in a file that a restored one maps, or in its state. */
export type MemoryPlace = 'file' | 'state';

/** Where the files of a bare template are. */
interface BareFiles {
  readonly monitor: string;
  readonly network: string;
  readonly agent: string;
  readonly state: string;
  readonly stateSocket: string;
  readonly memory: string;
}

/** See the head of this file. */
export class BareTemplate {
  readonly #boot: BareBoot;
  readonly #files: BareFiles;
  readonly #place: MemoryPlace;
  /** From the moment when its machine was stopped to the one when all of it was in files. */
  readonly savedInSeconds: number;

  private constructor(boot: BareBoot, files: BareFiles, place: MemoryPlace, seconds: number) {
    this.#boot = boot;
    this.#files = files;
    this.#place = place;
    this.savedInSeconds = seconds;
  }

  /** Boots a machine until its init has said its word, and saves it. */
  static async make(dir: string, boot: BareBoot, place: MemoryPlace): Promise<BareTemplate> {
    const files: BareFiles = {
      monitor: path.join(dir, 'monitor'),
      network: path.join(dir, 'network'),
      agent: path.join(dir, 'agent'),
      state: path.join(dir, 'state'),
      stateSocket: path.join(dir, 'state.sock'),
      memory: path.join(dir, 'memory'),
    };
    await using monitor = await BareMonitor.listen(files.monitor);
    const child = start(boot, memoryArguments(files, place, 'on'), files);
    try {
      await untilBareWord(child);
      const server = createServer().listen(files.stateSocket);
      await once(server, 'listening');
      const saved = new Promise<Buffer>((resolve, reject) => {
        server.once('connection', (socket) => {
          buffer(socket).then(resolve, reject);
        });
      });
      const startedAtMs = performance.now();
      await monitor.execute(['qmp_capabilities'], ['stop'], capabilitiesFor(place), [
        'migrate',
        { uri: `unix:${files.stateSocket}` },
      ]);
      await writeFile(files.state, await saved, { flush: true });
      const seconds = (performance.now() - startedAtMs) / 1000;
      server.close();
      return new BareTemplate(boot, files, place, seconds);
    } finally {
      await endProcess(child);
    }
  }

  /** A machine that goes on from the template, up to the answer of its init. */
  async start(): Promise<StartedMachine> {
    const files = this.#files;
    await rm(files.stateSocket, { force: true });
    await using monitor = await BareMonitor.listen(files.monitor);
    const startedAtMs = performance.now();
    const memory = memoryArguments(files, this.#place, 'off');
    const child = start(this.#boot, [...memory, '-incoming', 'defer'], files);
    try {
      await monitor.execute(['qmp_capabilities'], capabilitiesFor(this.#place), [
        'migrate-incoming',
        { uri: `unix:${files.stateSocket}` },
      ]);
      connect(files.stateSocket).end(await readFile(files.state));
      await monitor.event('MIGRATION', 'completed');
      await monitor.execute(['cont']);
      child.stdin.write('\n');
      await untilBareWord(child);
      return { child, seconds: (performance.now() - startedAtMs) / 1000 };
    } catch (error) {
      await endProcess(child);
      throw error;
    }
  }
}

function capabilitiesFor(place: MemoryPlace) {
  const names = place === 'file' ? ['x-ignore-shared', 'events'] : ['events'];
  const capabilities = names.map((capability) => ({ capability, state: true }));
  return ['migrate-set-capabilities', { capabilities }] as const;
}

function memoryArguments(
  { memory }: BareFiles,
  place: MemoryPlace,
  share: 'on' | 'off',
): readonly string[] {
  const backend =
    place === 'file'
      ? `memory-backend-file,id=memory,size=512M,mem-path=${memory},share=${share}`
      : 'memory-backend-ram,id=memory,size=512M';
  return ['-M', 'microvm,ioapic2=on,memory-backend=memory', '-object', backend];
}

function start(boot: BareBoot, more: readonly string[], files: BareFiles) {
  const args = [
    ...bareMachineArguments,
    ...['-chardev', `socket,id=monitor,path=${files.monitor}`, '-mon', 'monitor,mode=control'],
    ...bareDeviceArguments(files),
    ...bareKernelArguments(boot),
    ...more,
  ];
  return spawn('qemu-system-x86_64', args, { stdio: ['pipe', 'pipe', 'inherit'] });
}

/** Two disks, the agent's port, a network device and a source of randomness. */
function bareDeviceArguments({ agent, network }: BareFiles): string[] {
  const disks = ['root', 'upper'].flatMap((name) => [
    ...['-blockdev', `driver=null-co,node-name=${name},read-zeroes=on,size=1048576`],
    ...['-device', `virtio-blk-device,drive=${name},serial=${name}`],
  ]);
  return [
    ...disks,
    ...['-chardev', `socket,id=agent,path=${agent},server=on,wait=off`],
    ...['-device', 'virtio-serial-device', '-device', 'virtserialport,chardev=agent,name=agent'],
    ...['-netdev', `stream,id=net,server=on,addr.type=unix,addr.path=${network}`],
    ...['-device', 'virtio-net-device,netdev=net', '-device', 'virtio-rng-device'],
  ];
}
