import { describe, expect, it, vi } from 'vitest';
import { networkSchema } from '../../../contract/config/network.ts';
import type { NetworkAnswer, NetworkQuestion } from '../../../contract/network.ts';
import { noKnowledge } from '../policy/decide.ts';
import { compilePolicy } from '../policy/policy.ts';
import { answerQuestion, type LookUp } from './answer-question.ts';

const publicAddress = '93.184.215.14';
const nobody: LookUp = () => Promise.reject(new Error('Nobody is to be asked.'));

function ask(network: object, question: NetworkQuestion, lookUp = nobody): Promise<NetworkAnswer> {
  const knowledge = { ...noKnowledge, isHost: (address: string) => address === '192.0.0.1' };
  return answerQuestion(compilePolicy(networkSchema.parse(network)), knowledge, question, lookUp);
}

function whats({ steps }: NetworkAnswer): string[] {
  return steps.map(({ what, verdict }) => `${verdict}: ${what}`);
}

describe('a question about an address', () => {
  it.each([
    [publicAddress, 'allow', `connect to ${publicAddress}:443 by TCP`],
    [`${publicAddress}:80`, 'allow', `connect to ${publicAddress}:80 by TCP`],
    ['[2606:2800::1]:22', 'allow', 'connect to [2606:2800::1]:22 by TCP'],
    ['10.0.0.1', 'deny', 'connect to 10.0.0.1:443 by TCP'],
  ])('is answered by the policy alone: %s', async (destination, verdict, what) => {
    const answer = await ask({}, { destination });
    expect([answer.verdict, whats(answer)]).toEqual([verdict, [`${verdict}: ${what}`]]);
  });

  it('is about the protocol and the port that it says', async () => {
    const rules = [{ action: 'deny', protocols: ['udp'], ports: ['53'], destination: 'any' }];
    const question = { destination: publicAddress, protocol: 'udp', port: 53 } as const;
    expect(await ask({ rules }, question)).toMatchObject({
      verdict: 'deny',
      summary: `${publicAddress} is denied: deny any udp port 53.`,
    });
    expect((await ask({ rules }, { ...question, port: 54 })).verdict).toBe('allow');
    const ping = await ask({ rules }, { destination: publicAddress, protocol: 'icmp' });
    expect(whats(ping)).toEqual([`allow: ping ${publicAddress}`]);
  });
});

describe('a question about a name', () => {
  const network = { policy: 'allow-list', allow: ['example.org'] };

  it('looks it up where it is allowed, and follows each address', async () => {
    const lookUp = vi.fn<LookUp>(() => Promise.resolve([publicAddress, '10.0.0.1']));
    const answer = await ask(network, { destination: ' Example.ORG.:8443 ' }, lookUp);
    expect(lookUp.mock.calls).toEqual([['example.org']]);
    expect(answer).toMatchObject({
      verdict: 'allow',
      summary: 'example.org is allowed: allow example.org.',
    });
    expect(whats(answer)).toEqual([
      'allow: look up example.org',
      `allow: answer ${publicAddress} for example.org`,
      `allow: connect to ${publicAddress}:8443 by TCP`,
      'deny: answer 10.0.0.1 for example.org',
    ]);
  });

  it('is denied where no address is left', async () => {
    const answer = await ask(network, { destination: 'example.org' }, () =>
      Promise.resolve(['10.0.0.1']),
    );
    expect(answer.verdict).toBe('deny');
    const empty = await ask(network, { destination: 'example.org' }, () => Promise.resolve([]));
    expect(empty.verdict).toBe('deny');
  });

  it('looks nothing up where the name is denied', async () => {
    const lookUp = vi.fn<LookUp>();
    const answer = await ask(network, { destination: 'other.org' }, lookUp);
    expect([answer.verdict, whats(answer)]).toEqual(['deny', ['deny: look up other.org']]);
    expect(lookUp).not.toHaveBeenCalled();
  });

  it('says that DNS failed', async () => {
    const answer = await ask(network, { destination: 'example.org' }, () =>
      Promise.reject(new Error('ENOTFOUND')),
    );
    expect(answer.verdict).toBe('deny');
    expect(answer.steps.at(-1)).toMatchObject({
      source: 'dns',
      reason: 'The name cannot be looked up: ENOTFOUND.',
    });
  });

  it('follows eight addresses at most', async () => {
    const many = Array.from({ length: 50 }, (_, at) => `93.184.215.${String(at)}`);
    const answer = await ask(network, { destination: 'example.org' }, () => Promise.resolve(many));
    expect(answer.steps).toHaveLength(1 + 8 * 2);
  });

  it('knows the name of the host without asking', async () => {
    const destination = 'host.skerry.internal:5000';
    const allowed = await ask({ allow: ['host'] }, { destination });
    expect(allowed.verdict).toBe('allow');
    expect(whats(allowed)).toContain('allow: connect to 192.0.0.1:5000 by TCP');
    expect((await ask({}, { destination })).verdict).toBe('deny');
  });

  it.each(['https://example.org/', '', ':', '[', '[]:x', 'a:b:c', 'example.org:999999'])(
    'never throws: "%s"',
    async (destination) => {
      await ask({ policy: 'none' }, { destination });
    },
  );
});
