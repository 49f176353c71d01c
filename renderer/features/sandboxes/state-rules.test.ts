import { describe, expect, it } from 'vitest';
import { sandboxStateSchema } from '../../../main/contract/sandbox.ts';
import { canDo, holdsMemory, isAlive, wayOn, type SandboxAction } from './state-rules.ts';

const all = sandboxStateSchema.options;

describe('what can be done', () => {
  it.each<[SandboxAction, string]>([
    ['start', 'suspended stopped crashed'],
    ['startFromDisk', 'suspended'],
    ['pause', 'running'],
    ['resume', 'paused'],
    ['suspend', 'running paused'],
    ['stop', 'running paused suspended'],
    ['restart', 'running'],
    ['remove', 'starting running paused suspending suspended stopping stopped crashed'],
  ])('%s: %s', (action, expected) => {
    expect(all.filter((state) => canDo(state, action)).join(' ')).toBe(expected);
  });
});

it('knows that one that is suspended has a memory and no machine', () => {
  expect(all.filter((state) => holdsMemory(state) && !isAlive(state))).toEqual(['suspended']);
  expect(all.filter((state) => !holdsMemory(state))).toEqual(['stopped', 'crashed']);
});

it('leads on from where it stands still', () => {
  expect(all.flatMap((state) => wayOn(state) ?? [])).toEqual(['resume', 'start']);
});
