import { describe, expect, it } from 'vitest';
import type { HostCheck } from '../../../main/contract/host.ts';
import { checksToShow, createFirstRunStore, whatWasSeen } from './first-run.ts';

const report = (results: Record<string, HostCheck['result']>) => ({
  checks: Object.entries(results).map(([id, result]) => ({ id, result, title: id, evidence: '' })),
});
const shown = (
  results: Record<string, HostCheck['result']>,
  seen?: Record<string, 'warn' | 'fail'>,
) => checksToShow(report(results), { seen }).map(({ id }) => id);

describe('checksToShow', () => {
  it('is at the first start what fails and what matters, and not every warning', () => {
    expect(shown({ kvm: 'warn', qemu: 'fail', echoes: 'warn', shares: 'pass' })).toEqual([
      'kvm',
      'qemu',
    ]);
    expect(shown({ kvm: 'pass', echoes: 'warn' })).toEqual([]);
  });

  it('is afterwards only what fails and did not before', () => {
    const before = report({ kvm: 'warn', qemu: 'fail' });
    const seen = whatWasSeen(before);
    expect(shown({ kvm: 'warn', qemu: 'fail', 'disk-space': 'warn' }, seen)).toEqual([]);
    expect(shown({ kvm: 'fail', qemu: 'fail', shares: 'fail' }, seen)).toEqual(['kvm', 'shares']);
  });
});

it('is remembered over a reload', () => {
  const kept = new Map<string, string>();
  const storage = () =>
    ({
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
      removeItem: (key: string) => kept.delete(key),
    }) as unknown as Storage;
  expect(createFirstRunStore(storage).getState().seen).toBeUndefined();
  createFirstRunStore(storage).setState({ seen: { kvm: 'warn' } });
  expect(createFirstRunStore(storage).getState().seen).toEqual({ kvm: 'warn' });
});
