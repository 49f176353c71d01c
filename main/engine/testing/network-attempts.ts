/** Attempts of a guest to get around its gateway, for network-trial.ts; each says what came of it. */
import type { Decision } from '../../contract/network.ts';
import { world } from './network-world.ts';

/** The guest that tries. */
export interface TryingGuest {
  /** What a command printed, both ways. */
  readonly run: (script: string) => Promise<string>;
  /** What was decided so far. */
  readonly log: () => readonly Decision[];
}

/** The IPv4 address that is private in {@link world}, as words of an IPv6 one. */
const privateWords = 'a00:7';

/** IPv6 forms of a private address; under the policy `public` each has to be refused. */
const forms = {
  'NAT64 form': `64:ff9b::${privateWords}`,
  '6to4 form': `2002:${privateWords}::1`,
  'Teredo form': '2001:0:a00:7::f5ff:fff8',
  'ISATAP form': `2001:db8:1::5efe:${privateWords}`,
  'translated form': `::ffff:0:${privateWords}`,
} as const;

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));

/** Tries everything, in the order in which it is told. */
export async function tryToGetAround(guest: TryingGuest): Promise<[string, unknown][]> {
  const { run, log } = guest;
  // What was decided is told a moment later; the test itself is what ends a wait for nothing.
  const told = async (is: (decision: Decision) => boolean): Promise<Decision> => {
    for (;;) {
      const found = log().find(is);
      if (found !== undefined) return found;
      await pause();
    }
  };
  const refusal = async (rule: string): Promise<string> =>
    (await told((each) => each.rule === rule)).verdict;
  const tried: [string, unknown][] = [];
  const page = (address: string): Promise<string> =>
    run(`timeout 5 wget -qO- 'http://${address}:8081/' || echo stopped`);
  for (const [what, address] of Object.entries(forms)) {
    await page(`[${address}]`);
    const { verdict } = await told((each) => each.address === address);
    tried.push([what, verdict]);
  }
  // The guest's kernel itself takes it for IPv4.
  tried.push(['mapped form', (await page('[::ffff:10.0.0.7]')).replace(/^.*: /s, '')]);

  const arping = (options: string): Promise<string> =>
    run(`arping ${options} | grep -o 'Received [0-9]* response' || echo none`);
  tried.push(['who has the gateway', await arping('-c 1 -w 2 -I eth0 192.0.0.1')]);
  tried.push(['who has another address', await arping(`-c 1 -w 2 -I eth0 ${world.private}`)]);
  // That the guest says it had the gateway's address, to everyone, changes nothing.
  await run('arping -U -c 3 -I eth0 -s 192.0.0.1 192.0.0.1; arping -A -c 3 -I eth0 192.0.0.1');
  tried.push(['after lies by ARP', await run(`timeout 5 wget -qO- http://${world.public}/`)]);

  const routed = await run(`probe routed ${world.public} 80 1 || echo stopped`);
  tried.push(['source route', /^stopped/.test(routed)]);
  tried.push(['source route is told of', await refusal('no frames with a source route')]);
  tried.push(['odd options', await run(`probe padded ${world.public} 80 1 | sed 's/[0-9.]*//'`)]);
  const raw = await run('probe raw eth0 0 3000 >/dev/null && echo sent');
  tried.push(['raw frames of noise', raw]);
  const flood = await run(`ulimit -n 8192; probe hold ${world.public} 7 4200 2>&1 | tail -1`);
  tried.push(['more connections than there may be', flood]);
  tried.push(['a full table is told of', await refusal('at most 4096 connections')]);
  tried.push(['after all that', await run(`timeout 9 wget -qO- http://${world.public}/`)]);
  return tried;
}
