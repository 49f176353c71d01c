import { describe, expect, it } from 'vitest';
import { anError } from '../../testing/builders.ts';
import { aGuestPort } from '../../testing/network-builders.ts';
import { portOf, readFreePort } from './port-words.ts';

it('publishes a listener on the host port that is suggested', () => {
  expect(portOf(aGuestPort({ port: 5353, protocol: 'udp', suggestedHostPort: 5354 }))).toBe(
    '5354:5353/udp',
  );
});

describe('readFreePort', () => {
  it('is what an error about a port in use offers', () => {
    const details = { holder: 'nginx', freePort: 8081 };
    expect(readFreePort(anError('network/port-in-use', { details }))).toBe(8081);
  });

  it('does without what is not known', () => {
    expect(readFreePort(anError('network/port-in-use'))).toBeUndefined();
    expect(readFreePort(anError('sandbox/busy'))).toBeUndefined();
  });
});
