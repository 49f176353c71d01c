import { writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../base/app-error.ts';
import { describeDriverContract } from '../../testing/driver-contract.ts';
import {
  describeSavingContract,
  type SavingHarness,
} from '../../testing/driver-saving-contract.ts';
import type { VmSpec } from '../driver.ts';
import { FakeDriver } from './fake-driver.ts';
import type { FakeMachine } from './fake-machine.ts';

function specOf(id: string): VmSpec {
  const runtimeDir = join('/nowhere/fake-driver', id);
  return {
    id,
    cpus: 1,
    memoryMiB: 128,
    accelerator: 'tcg',
    kernelPath: '/kernel',
    initramfsPath: '/initramfs',
    kernelArguments: [],
    disks: [{ serial: 'upper', path: join(runtimeDir, 'disk'), format: 'raw', readOnly: false }],
    runtimeDir,
    consoleLogPath: join(runtimeDir, 'console.log'),
    monitorLogPath: join(runtimeDir, 'monitor.log'),
  };
}

function answer(machine: FakeMachine, line: string): string {
  if (line === 'recall') return machine.memory;
  if (!line.startsWith('remember ')) return line.replace(/^echo /, '');
  machine.memory = line.slice('remember '.length);
  return 'remembered';
}

function driverWithGuest(): FakeDriver {
  return new FakeDriver({
    onAgentPort: (port, machine) => {
      createInterface({ input: port }).on('line', (line) => {
        if (line === 'poweroff') machine.powerOff();
        else port.write(`${answer(machine, line)}\n`);
      });
    },
  });
}

function harness(): SavingHarness {
  const driver = driverWithGuest();
  return {
    driver,
    laterDriver: driver,
    makeSpec: (id) => Promise.resolve(specOf(id)),
    makeOverlay: (path) => writeFile(path, ''),
    crash: (vm) => {
      driver.machines.find(({ pid }) => pid === vm.pid)?.crash();
    },
    countRunning: (runtimeDir) =>
      Promise.resolve(driver.machines.filter(({ spec }) => spec.runtimeDir === runtimeDir).length),
  };
}

describeDriverContract('FakeDriver', harness);
describeSavingContract('FakeDriver', harness);

describe('FakeDriver', () => {
  it('keeps what each machine was started with, after its end too', async () => {
    const driver = new FakeDriver();
    const entries = [{ name: 'v0', path: '/shared', isFile: false, readOnly: true }];
    const spec = { ...specOf('shares'), shares: { transport: 'virtiofs', entries } } as const;
    await (await driver.start(spec)).kill();
    expect(driver.machines).toEqual([]);
    expect(driver.specs).toEqual([spec]);
  });

  it('fails a start as its script says', async () => {
    const driver = new FakeDriver({
      onStart: () => {
        throw new AppError('vm/start-failed', 'As the script says.');
      },
    });
    await expect(driver.start(specOf('fails'))).rejects.toThrow('As the script says.');
    expect(driver.machines).toEqual([]);
  });

  it('can be cancelled while its script waits', async () => {
    const waiting = Promise.withResolvers<undefined>();
    const driver = new FakeDriver({ onStart: () => waiting.promise });
    const cancel = new AbortController();
    const starting = driver.start(specOf('waits'), { signal: cancel.signal });
    cancel.abort();
    await expect(starting).rejects.toMatchObject({ code: 'operation/cancelled' });
    waiting.resolve(undefined);
    expect(driver.machines).toEqual([]);
  });
});
