import { describe, expect, it } from 'vitest';
import { silentLogger } from '../base/logger.ts';
import { connectAgent, type ConnectedAgent } from './agent-client.ts';
import { FieldsWriter, tag } from './fields.ts';
import { guestType } from './guest-messages.ts';
import { hostType } from './host-messages.ts';
import { FakeGuest } from './testing/fake-guest.ts';
import { isLinux, sh, useHostAgent } from './testing/host-agent-fixture.ts';

async function connected(): Promise<{ guest: FakeGuest; agent: ConnectedAgent }> {
  const guest = new FakeGuest();
  const connecting = connectAgent(guest.hostPort, { logger: silentLogger, timeoutMs: 60_000 });
  await guest.greet();
  return { guest, agent: await connecting };
}

function aProcess(pid: number, command = 'sh'): Uint8Array {
  return new FieldsWriter()
    .u32(tag.pid, pid)
    .u32(tag.parentPid, 1)
    .u32(tag.userId, 0)
    .u32(tag.state, 'S'.charCodeAt(0))
    .u64(tag.residentBytes, 1)
    .u64(tag.cpuMs, 2)
    .text(tag.command, command)
    .finish();
}

function page(pids: readonly number[], isMore: boolean): FieldsWriter {
  const fields = new FieldsWriter();
  for (const pid of pids) fields.bytes(tag.process, aProcess(pid));
  return fields.u32(tag.isMore, isMore ? 1 : 0);
}

describe('what a guest says of itself', () => {
  it('has no part that is larger than its whole', async () => {
    const { guest, agent } = await connected();
    const asked = agent.stats();
    await guest.next(hostType.stats);
    const fields = new FieldsWriter()
      .u64(tag.memoryTotalBytes, 10)
      .u64(tag.memoryAvailableBytes, 99)
      .u64(tag.diskTotalBytes, 10)
      .u64(tag.diskUsedBytes, 99);
    guest.send(guestType.statsReply, 0, fields);
    expect(await asked).toEqual({
      ...{ memoryTotalBytes: 10, memoryUsedBytes: 0, diskTotalBytes: 10, diskUsedBytes: 10 },
    });
  });

  it('is asked for page by page', async () => {
    const { guest, agent } = await connected();
    const asked = agent.processes();
    await guest.next(hostType.processes);
    guest.send(guestType.processesReply, 0, page([1, 7], true));
    await guest.next(hostType.processes);
    guest.send(guestType.processesReply, 0, page([9], false));
    expect((await asked).map(({ pid }) => pid)).toEqual([1, 7, 9]);
  });

  it('comes to an end, whatever a guest says', async () => {
    const { guest, agent } = await connected();
    const asked = agent.processes();
    for (let at = 0; at < 9; at++) {
      await guest.next(hostType.processes);
      const pids = Array.from({ length: 500 }, (_, index) => at * 500 + index + 1);
      guest.send(guestType.processesReply, 0, page(pids, true));
    }
    expect(await asked).toHaveLength(4096);
    const again = agent.processes();
    await guest.next(hostType.processes);
    guest.send(guestType.processesReply, 0, page([5], true));
    await guest.next(hostType.processes);
    guest.send(guestType.processesReply, 0, page([5], true));
    await expect(again).rejects.toMatchObject({ code: 'agent/protocol' });
  });

  it('breaks the protocol where processes are out of their order', async () => {
    const { guest, agent } = await connected();
    const asked = agent.processes();
    await guest.next(hostType.processes);
    guest.send(guestType.processesReply, 0, page([7, 7], false));
    await expect(asked).rejects.toMatchObject({ code: 'agent/protocol' });
    expect(await agent.closed).toMatchObject({ code: 'agent/protocol' });
  });

  it('drives no terminal by the lines of its kernel', async () => {
    const { guest, agent } = await connected();
    const asked = agent.kernelLog();
    await guest.next(hostType['kernel-log']);
    const record = new FieldsWriter().u64(tag.microseconds, 5).text(tag.text, 'a\u001b[2J\u202eb');
    const fields = new FieldsWriter().bytes(tag.kernelRecord, record.finish());
    guest.send(guestType.kernelLogReply, 0, fields.u32(tag.isMore, 1));
    await guest.next(hostType['kernel-log']);
    guest.send(guestType.kernelLogReply, 0, new FieldsWriter().u32(tag.isMore, 0));
    expect(await asked).toEqual([{ sinceBootUs: 5, text: 'a[2Jb' }]);
  });
});

describe.skipIf(!isLinux)('what the agent says of this machine', () => {
  const host = useHostAgent();

  it('is its memory and its disk', async () => {
    const stats = await host.agent.stats();
    expect(stats.memoryTotalBytes).toBeGreaterThan(1024 * 1024);
    expect(stats.memoryUsedBytes).toBeGreaterThan(0);
    expect(stats.memoryUsedBytes).toBeLessThan(stats.memoryTotalBytes ?? 0);
    expect(stats.diskUsedBytes).toBeLessThanOrEqual(stats.diskTotalBytes ?? 0);
    expect(stats.processes).toBeGreaterThan(1);
  });

  it('is every process, with its time', async () => {
    const session = await host.agent.exec(sh('exec sleep 600'));
    const found = await host.agent.processes();
    const own = found.find(({ pid }) => pid === process.pid);
    expect(own?.cpuMs).toBeGreaterThan(0);
    expect(own?.residentBytes).toBeGreaterThan(1024 * 1024);
    expect(own?.parentPid).toBe(process.ppid);
    expect(own?.userId).toBe(process.getuid?.());
    expect(found.some(({ command }) => command === 'sleep')).toBe(true);
    session.signal(9);
  });

  it('may be read by several at once', async () => {
    const all = await Promise.all([
      ...[host.agent.stats(), host.agent.processes(), host.agent.kernelLog()],
      ...[host.agent.stats(), host.agent.processes(), host.agent.kernelLog()],
    ]);
    expect(all).toHaveLength(6);
  });
});
