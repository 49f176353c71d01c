import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runTool } from '../../testing/run-tool.ts';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';

const program = fileURLToPath(new URL('../../testing/network-trial.ts', import.meta.url));
const trialTimeoutMs = 300_000;

const refused = /Connection refused/;
const forbidden = /403 Forbidden/;
const isUnknown = /^bad address/;
const served = (at: string) => new RegExp(`^served ${at.replaceAll('.', '\\.')} `);

describe('the network of a real guest', () => {
  const temporary = useTemporaryDirectory();

  async function trial(part: string): Promise<Record<string, unknown>> {
    const output = await runTool('unshare', [
      ...['--net', '--mount', process.execPath, program, temporary.path, part],
    ]);
    const lines = output.trim().split('\n');
    return Object.fromEntries(lines.map((line) => JSON.parse(line) as [string, unknown]));
  }

  it(
    'reaches what its policy allows, by every protocol, and nothing else',
    async () => {
      const tried = await trial('policies');
      const of = (policy: string): Record<string, unknown> =>
        Object.fromEntries(
          Object.entries(tried)
            .filter(([key]) => key.startsWith(`${policy}: `))
            .map(([key, value]) => [key.slice(policy.length + 2), value]),
        );
      const match = (pattern: RegExp): unknown => expect.stringMatching(pattern);
      expect(of('public')).toEqual({
        'public http': match(served('203.0.113.7')),
        'public http by IPv6': match(served('2001:db8:1::7')),
        'public by name': match(/^served /),
        'private http': match(forbidden),
        'private tcp': match(refused),
        'private by IPv6': match(refused),
        metadata: match(forbidden),
        'link-local': match(refused),
        'host by its own address': match(refused),
        'host by the gateway': match(refused),
        'host by name': match(isUnknown),
        'public udp': 'answered',
        'public udp by IPv6': 'answered',
        'public udp in fragments': 'answered',
        'private udp': match(/^datagram: /),
        'public ping': 'answered',
        'public ping by IPv6': 'answered',
        'private ping': 'silent',
        'public name': 'Address: 2001:db8:1::7 Address: 203.0.113.7',
        'rebinding name': 'NXDOMAIN',
        'half rebinding name': 'Address: 203.0.113.7',
        'name by another server': 'Address: 2001:db8:1::7 Address: 203.0.113.7',
        'no such name': 'NXDOMAIN',
      });
      const none = of('none');
      for (const [key, value] of Object.entries(none)) {
        const isName = / name$|server$/.test(key) && !key.startsWith('host');
        const isPing = key.includes('ping');
        if (isName && !key.includes('by name')) expect([key, value]).toEqual([key, 'NXDOMAIN']);
        else if (isPing) expect([key, value]).toEqual([key, 'silent']);
        else
          expect([key, value]).toEqual([key, match(/refused|Forbidden|bad address|^datagram: /)]);
      }
      const all = of('all');
      expect(all).toMatchObject({
        'private http': match(served('10.0.0.7')),
        'private by IPv6': match(served('fd00:1::7')),
        metadata: match(served('169.254.169.254')),
        'host by its own address': 'served by the host',
        'host by the gateway': 'served by the host',
        'host by name': 'served by the host',
        'private udp': 'answered',
        'private ping': 'answered',
        'rebinding name': 'Address: 10.0.0.7',
      });
      expect(tried).toMatchObject({
        'spoofed source': match(/stopped/),
        'foreign MAC': match(/stopped/),
        'own MAC again': match(served('203.0.113.7')),
        misbehavior: ['no frames with a foreign MAC', 'no frames with a spoofed source'],
      });
    },
    trialTimeoutMs,
  );

  it(
    'reaches a name by the addresses that it was given for it, and by its own server name',
    async () => {
      expect(await trial('names')).toEqual({
        'before any look-up': expect.stringMatching(refused) as string,
        'look-up': 'Address: 203.0.113.9',
        'the right server name': 'hello',
        'another server name': '',
        'another name': 'NXDOMAIN',
        'the right Host': expect.stringMatching(served('203.0.113.9')) as string,
        'another Host': expect.stringMatching(forbidden) as string,
        'no name': 'x',
        'a name that was answered once': expect.stringMatching(/^served /) as string,
        'encrypted DNS': expect.stringMatching(refused) as string,
        'denied server name': '',
        'other server name': 'hello',
        'denied name': 'NXDOMAIN',
      });
    },
    trialTimeoutMs,
  );

  it(
    'cannot be got around',
    async () => {
      expect(await trial('attempts')).toEqual({
        'NAT64 form': 'deny',
        '6to4 form': 'deny',
        'Teredo form': 'deny',
        'ISATAP form': 'deny',
        'translated form': 'deny',
        'mapped form': 'Connection refused',
        'who has the gateway': 'Received 1 response',
        'who has another address': 'Received 0 response',
        'after lies by ARP': expect.stringMatching(served('203.0.113.7')) as string,
        'source route': true,
        'source route is told of': 'deny',
        'odd options': '',
        'raw frames of noise': 'sent',
        'more connections than there may be': 'connect: Connection refused',
        'a full table is told of': 'deny',
        'after all that': expect.stringMatching(served('203.0.113.7')) as string,
      });
    },
    trialTimeoutMs,
  );

  it(
    'changes at once, publishes ports, and goes on with the next host process',
    async () => {
      expect(await trial('changes')).toEqual({
        'a connection that is not allowed any more': 'ended',
        'allowed for now': expect.stringMatching(served('203.0.113.7')) as string,
        'taken back': expect.stringMatching(forbidden) as string,
        listeners: expect.arrayContaining([
          { port: 8001, reach: 'loopback', command: 'httpd' },
          { port: 8000, reach: 'any', command: 'httpd' },
        ]) as unknown,
        published: 'page\n',
        taken: {
          code: 'network/port-in-use',
          details: {
            port: '127.0.0.1:8088/tcp',
            freePort: 8089,
            holder: expect.stringMatching(/process \d+/) as string,
          },
        },
        'not published any more': 'no answer',
        warned: true,
        'nobody listens': 'no answer',
        'while no host process is there': 'no answer',
        'with the next host process': 'page\n',
        'and out': expect.stringMatching(served('203.0.113.7')) as string,
        link: 'up',
      });
    },
    trialTimeoutMs,
  );

  it(
    'carries a gigabyte each way whole, a thousand connections at once and ten thousand in turn',
    async () => {
      expect(await trial('load')).toEqual({
        download: true,
        upload: true,
        'files by name': true,
        'a long talk': true,
        '1000 at once': true,
        '10000 after each other': true,
        'connections that are left': 0,
      });
    },
    trialTimeoutMs,
  );
});
