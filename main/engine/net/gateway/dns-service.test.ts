import packet, { type Answer, type Question } from 'dns-packet';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { almost } from '../wire/testing/arbitraries.ts';
import {
  a,
  answering,
  dataOf,
  publicAddress,
  query,
  serviceFor,
} from './testing/dns-service-under-test.ts';

describe('a name', () => {
  it('that is denied does not exist, and nobody is asked', async () => {
    const test = serviceFor({ policy: 'allow-list', allow: ['example.org'] });
    expect(await test.ask(query('A', 'other.org'))).toMatchObject({ rcode: 'NXDOMAIN', id: 77 });
    expect(test.forwarded).toEqual([]);
    expect(test.decisions).toMatchObject([{ verdict: 'deny', protocol: 'dns', name: 'other.org' }]);
  });

  it('that is allowed is asked for as it was, and its addresses are remembered for their time', async () => {
    const test = serviceFor(
      { policy: 'allow-list', allow: ['example.org'] },
      answering([a(publicAddress), a('2606:2800::1', 'example.org', 100)]),
    );
    const asked = query('A', 'EXAMPLE.org');
    const answer = await test.ask(asked);
    expect(answer).toMatchObject({ rcode: 'NOERROR' });
    expect(dataOf(answer)).toEqual([publicAddress, '2606:2800::1']);
    expect(test.forwarded).toEqual([asked]);
    const now = Date.now();
    expect(test.pins.namesOf(publicAddress, now)).toEqual(['example.org']);
    expect(test.pins.namesOf('2606:2800::1', now + 200_000)).toEqual([]);
    expect(test.pins.namesOf(publicAddress, now + 200_000)).toEqual(['example.org']);
    expect(test.pins.namesOf(publicAddress, now + 301_000)).toEqual([]);
    expect(test.decisions).toMatchObject([{ verdict: 'allow', name: 'example.org' }]);
  });

  it('that only looks like an allowed one is not taken for it', async () => {
    const test = serviceFor({ policy: 'allow-list', allow: ['kernel.org'] });
    // To JavaScript the Kelvin sign is a K in upper case.
    expect(await test.ask(query('A', '\u212aernel.org'))).toMatchObject({ rcode: 'NXDOMAIN' });
    const oneLabel = query('A', 'kernel.org');
    oneLabel[12] = 10;
    oneLabel[19] = 0x2e;
    expect(await test.ask(oneLabel)).toMatchObject({ rcode: 'FORMERR', id: 77 });
    expect(test.forwarded).toEqual([]);
  });

  it.each(['HTTPS', 'SVCB'])('has no %s where rules name names', async (type) => {
    const number = type === 'HTTPS' ? 65 : 64;
    const asked = query(`UNKNOWN_${String(number)}`, 'example.org');
    const named = serviceFor({ allow: ['example.org'] }, answering([a(publicAddress)]));
    expect(await named.ask(asked)).toMatchObject({ rcode: 'NOERROR', answers: [] });
    expect(named.forwarded).toEqual([]);
    const open = serviceFor({ policy: 'public' }, answering([]));
    await open.ask(asked);
    expect(open.forwarded).toHaveLength(1);
  });
});

describe('an answer', () => {
  const alias: Answer = { type: 'CNAME', name: 'example.org', ttl: 60, data: 'a.example.org' };

  it('loses the addresses that lead into this network', async () => {
    const test = serviceFor(
      {},
      answering([alias, a('10.0.0.1'), a(publicAddress), a('::ffff:192.168.0.1')]),
    );
    const answer = await test.ask(query('A', 'example.org'));
    expect(answer).toMatchObject({ rcode: 'NOERROR', id: 77, flag_rd: true, flag_ra: true });
    expect(dataOf(answer)).toEqual(['a.example.org', publicAddress]);
    expect(test.pins.namesOf('10.0.0.1', Date.now())).toEqual([]);
    expect(test.decisions.filter(({ verdict }) => verdict === 'deny')).toMatchObject([
      { name: 'example.org', address: '10.0.0.1' },
      { name: 'example.org', address: expect.stringContaining('ffff') as string },
    ]);
  });

  it('that has no others is none', async () => {
    const test = serviceFor({}, answering([alias, a('127.0.0.1'), a('169.254.169.254')]));
    expect(await test.ask(query('A', 'example.org'))).toMatchObject({
      rcode: 'NXDOMAIN',
      answers: [],
    });
  });

  it('keeps an address that is allowed itself', async () => {
    const test = serviceFor({ allow: ['10.0.0.1'] }, answering([a('10.0.0.1')]));
    expect(dataOf(await test.ask(query('A', 'example.org')))).toEqual(['10.0.0.1']);
  });

  it('to another question is none, nor are bytes that are no message', async () => {
    const questions: Question[] = [{ type: 'A', name: 'other.org' }];
    const forwards = [
      answering([a(publicAddress)], { questions }),
      answering([a(publicAddress)], { questions: [] }),
      () => Promise.resolve(Uint8Array.of(1, 2, 3)),
      () => Promise.resolve(undefined),
    ];
    for (const forward of forwards) {
      const test = serviceFor({}, forward);
      expect(await test.ask(query('A', 'example.org'))).toMatchObject({
        rcode: 'SERVFAIL',
        id: 77,
      });
      expect(test.pins.namesOf(publicAddress, Date.now())).toEqual([]);
    }
  });

  it('with records that cannot be written again is a failure', async () => {
    const fingerprint = Buffer.alloc(20);
    const print: Answer = {
      type: 'SSHFP',
      name: 'example.org',
      ttl: 1,
      data: { algorithm: 1, hash: 1, fingerprint: fingerprint.toString('hex') },
    };
    const test = serviceFor({}, async (bytes) => {
      const answer = await answering([a('10.0.0.1'), a(publicAddress), print])(bytes);
      // A hash of a kind that has another length.
      answer[answer.length - 21] = 2;
      return answer;
    });
    expect(await test.ask(query('A', 'example.org'))).toMatchObject({ rcode: 'SERVFAIL' });
  });
});

describe('the name of the host', () => {
  it.each([
    ['A', '192.0.0.1'],
    ['AAAA', 'fd53:6b65:7272:7900::1'],
  ])('leads to the gateway where the host is allowed, %s', async (type, address) => {
    const test = serviceFor({ allow: ['host'] });
    expect(dataOf(await test.ask(query(type, 'host.skerry.internal')))).toEqual([address]);
    expect(test.pins.namesOf(address, Date.now())).toEqual(['host.skerry.internal']);
    expect(await test.ask(query('MX', 'host.skerry.internal'))).toMatchObject({
      rcode: 'NOERROR',
      answers: [],
    });
    expect(test.forwarded).toEqual([]);
  });

  it('does not exist where it is not', async () => {
    const test = serviceFor({ policy: 'public' });
    expect(await test.ask(query('A', 'Host.Skerry.Internal'))).toMatchObject({ rcode: 'NXDOMAIN' });
    expect([test.forwarded.length, test.decisions[0]?.verdict]).toEqual([0, 'deny']);
  });
});

describe('a query', () => {
  const asked = query('A', 'example.org');
  const twice: Question[] = [
    { type: 'A', name: 'a.org' },
    { type: 'A', name: 'b.org' },
  ];

  it.each([
    ['that is cut', asked.subarray(0, 20), 'FORMERR'],
    ['without a question', query('A', 'a.org', { questions: [] }), 'FORMERR'],
    ['with two questions', query('A', 'a.org', { questions: twice }), 'FORMERR'],
    ['of another kind', query('A', 'a.org', { flags: 4 << 11 }), 'NOTIMP'],
  ])('%s is answered as wrong', async (_what, bytes, rcode) => {
    const test = serviceFor({});
    expect(await test.ask(bytes)).toMatchObject({ rcode, id: 77, type: 'response' });
    expect(test.forwarded).toEqual([]);
  });

  it.each([
    ['a few bytes', asked.subarray(0, 11)],
    ['too many', new Uint8Array(4097)],
    ['an answer', query('A', 'a.org', { type: 'response' })],
  ])('is not answered where it is %s', async (_what, bytes) => {
    expect(await serviceFor({}).service.answer(bytes)).toBeUndefined();
  });

  it('fails where there are as many as can wait', async () => {
    const waiting = Promise.withResolvers<undefined>();
    const test = serviceFor({}, () => waiting.promise);
    const all = Array.from({ length: 257 }, () => test.ask(asked));
    expect(await all[256]).toMatchObject({ rcode: 'SERVFAIL' });
    expect(test.forwarded).toHaveLength(256);
    waiting.resolve(undefined);
    await Promise.all(all);
    await test.ask(asked);
    expect(test.forwarded).toHaveLength(257);
  });

  it('and its answer may be any bytes', async () => {
    const mx: Answer = {
      type: 'MX',
      name: 'example.org',
      data: { preference: 1, exchange: 'x.org' },
    };
    const full = await answering([a('10.0.0.1'), a(publicAddress), mx])(asked);
    const bytes = fc.oneof(almost(fc.constant(asked)), fc.uint8Array({ maxLength: 100 }));
    const answers = fc.oneof(almost(fc.constant(full)), fc.uint8Array({ maxLength: 100 }));
    await fc.assert(
      fc.asyncProperty(bytes, answers, async (question, answer) => {
        const said = await serviceFor({}, () => Promise.resolve(answer)).service.answer(question);
        if (said !== undefined && said !== answer) packet.decode(Buffer.from(said));
      }),
      { numRuns: 2000 },
    );
  });
});
