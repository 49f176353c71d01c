/**
 * What a guest says of its memory, its disk, its processes and its kernel (PROTOCOL.md, "STATS",
 * "PROCESSES", "KERNEL_LOG"). Pure; every byte is an attacker's.
 */
import type { GuestProcess, GuestStats, KernelLogLine } from './agent.ts';
import { Fields, tag } from './fields.ts';
import { protocolError } from './frame-codec.ts';
import { programName, visibleText } from './visible-text.ts';

/** How many one answer may have: more than the largest that the agent sends. */
const maxProcesses = 1024;
const maxRecords = 2048;
const maxTextCharacters = 1024;

/** A part of the list of processes, in the order of their pids. */
export interface ProcessPage {
  readonly processes: readonly GuestProcess[];
  readonly isMore: boolean;
}

/** What the kernel has logged since the last time, or a part of it. */
export interface KernelLogPage {
  readonly lines: readonly KernelLogLine[];
  readonly isMore: boolean;
}

/** No part is larger than its whole. @throws AppError `agent/protocol` */
export function readStats(fields: Fields): GuestStats {
  const optional = (number: number): number | undefined =>
    fields.has(number) ? fields.u64(number) : undefined;
  const memoryTotalBytes = optional(tag.memoryTotalBytes);
  const memoryAvailableBytes = optional(tag.memoryAvailableBytes);
  const diskTotalBytes = optional(tag.diskTotalBytes);
  const diskUsedBytes = optional(tag.diskUsedBytes);
  return {
    ...(memoryTotalBytes === undefined || memoryAvailableBytes === undefined
      ? {}
      : {
          memoryTotalBytes,
          memoryUsedBytes: Math.max(0, memoryTotalBytes - memoryAvailableBytes),
        }),
    ...(diskTotalBytes === undefined || diskUsedBytes === undefined
      ? {}
      : { diskTotalBytes, diskUsedBytes: Math.min(diskUsedBytes, diskTotalBytes) }),
    ...(fields.has(tag.processCount) ? { processes: fields.u32(tag.processCount) } : {}),
  };
}

/** @throws AppError `agent/protocol`, also where they are not in their order */
export function readProcesses(fields: Fields): ProcessPage {
  const values = fields.values(tag.process);
  if (values.length > maxProcesses) {
    throw protocolError(`listed ${String(values.length)} processes at once`);
  }
  const processes = values.map((bytes) => readProcess(new Fields(bytes)));
  for (const [index, { pid }] of processes.entries()) {
    if (pid <= (processes[index - 1]?.pid ?? 0)) throw protocolError('listed a process twice');
  }
  return { processes, isMore: fields.u32(tag.isMore) !== 0 };
}

function readProcess(fields: Fields): GuestProcess {
  const state = String.fromCharCode(fields.u32(tag.state) & 0x7f);
  return {
    pid: fields.u32(tag.pid),
    parentPid: fields.u32(tag.parentPid),
    userId: fields.u32(tag.userId),
    state: /^[A-Za-z]$/.test(state) ? state : '?',
    residentBytes: fields.u64(tag.residentBytes),
    cpuMs: fields.u64(tag.cpuMs),
    command: programName(fields.bytes(tag.command)),
  };
}

/** @throws AppError `agent/protocol` */
export function readKernelLog(fields: Fields): KernelLogPage {
  const values = fields.values(tag.kernelRecord);
  if (values.length > maxRecords) {
    throw protocolError(`sent ${String(values.length)} lines of its kernel at once`);
  }
  const lines = values.map((bytes) => {
    const record = new Fields(bytes);
    return {
      sinceBootUs: record.u64(tag.microseconds),
      text: visibleText(record.bytes(tag.text), maxTextCharacters),
    };
  });
  return { lines, isMore: fields.u32(tag.isMore) !== 0 };
}
