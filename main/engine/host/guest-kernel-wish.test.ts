import { describe, expect, it } from 'vitest';
import { isAppError } from '../base/app-error.ts';
import { guestKernelWish } from './guest-kernel-wish.ts';

describe('guestKernelWish', () => {
  it.each([
    [undefined, 'auto'],
    ['', 'auto'],
    ['auto', 'auto'],
    ['own', 'own'],
    ['debian', 'debian'],
  ])('of %j is %s', (value, wish) => {
    expect(guestKernelWish({ SKERRY_GUEST_KERNEL: value })).toBe(wish);
  });

  it('refuses another word', () => {
    const read = () => guestKernelWish({ SKERRY_GUEST_KERNEL: 'ours' });
    expect(read).toThrow('"ours"; it can be own, debian or auto');
    expect(read).toThrow(expect.toSatisfy((error) => isAppError(error, 'config/invalid')) as Error);
  });
});
