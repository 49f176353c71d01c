/** `skerry network …` */
import { bracketed } from '../../contract/config/destination.ts';
import type { Decision, NetworkStatus } from '../../contract/network.ts';
import type { ConfigOptions } from '../config-options.ts';
import { withHost } from '../connect.ts';
import { DecisionNews } from '../decision-news.ts';
import { UsageError } from '../exit-code.ts';
import { followStream } from '../follow-stream.ts';
import { formatBytes, formatTable, printable } from '../format.ts';
import { isFields } from '../local-paths.ts';
import { parseRuleOptions } from '../network-options.ts';
import type { JsonOption } from '../options.ts';
import { print, printJson } from '../output.ts';

const deniedExitCode = 1;

/** `skerry network show` */
export function showNetwork(name: string, { json }: JsonOption): Promise<number> {
  return withHost(async (host) => {
    const status = await host.procedures.network.inspect({ name });
    if (json === true) await printJson(status);
    else await print(networkFacts(status));
    return 0;
  });
}

/** `skerry network log` */
export function showNetworkLog(
  name: string,
  { json, follow }: JsonOption & { readonly follow?: boolean },
): Promise<number> {
  return withHost(async (host) => {
    const write = (decisions: readonly Decision[]): Promise<void> =>
      print(
        decisions
          .map((each) => (json === true ? `${JSON.stringify(each)}\n` : decisionLine(each)))
          .join(''),
      );
    if (follow !== true) {
      await write(await host.procedures.network.log({ name }));
      return 0;
    }
    const news = new DecisionNews();
    await followStream(
      (options) => host.procedures.network.watch({ name }, options),
      async (event) => {
        if (event.type === 'decisions') await write(news.of(event.decisions));
        return 'go on';
      },
    );
    return 0;
  });
}

/** `skerry network test`; exits as the verdict is. */
export function testNetwork(
  name: string,
  destination: string,
  { json, protocol = 'tcp' }: JsonOption & { readonly protocol?: string },
): Promise<number> {
  if (protocol !== 'tcp' && protocol !== 'udp' && protocol !== 'icmp') {
    throw new UsageError(`A protocol is tcp, udp or icmp, not "${protocol}".`);
  }
  return withHost(async (host) => {
    const answer = await host.procedures.network.test({ name, destination, protocol });
    if (json === true) {
      await printJson(answer);
    } else {
      const rows = answer.steps.map(({ verdict, what, rule, reason }) => [
        verdict,
        what,
        `${rule}: ${reason}`,
      ]);
      await print(`${formatTable(rows)}${printable(answer.summary)}\n`);
    }
    return answer.verdict === 'allow' ? 0 : deniedExitCode;
  });
}

/** Lists that `--clear` empties. */
const clearable = ['allow', 'deny', 'rules', 'bandwidth'] as const;

/** Options of `network set`. */
export type SetOptions = Pick<
  ConfigOptions,
  'net' | 'allow' | 'deny' | 'netRule' | 'upload' | 'download'
> & { readonly clear?: string };

/** `skerry network set`: what is named takes the place of what was there, each limit by itself. */
export function setNetwork(name: string, options: SetOptions): Promise<number> {
  const changes = parseRuleOptions(options);
  const isCleared = new Set<string>();
  for (const field of options.clear?.split(',') ?? []) {
    const known = clearable.find((each) => each === field.trim());
    if (known === undefined) {
      throw new UsageError(`--clear takes ${clearable.join(', ')}, not "${field}".`);
    }
    isCleared.add(known);
    changes[known] ??= known === 'bandwidth' ? {} : [];
  }
  if (Object.keys(changes).length === 0) {
    throw new UsageError(
      'Say what to set: --net, --allow, --deny, --net-rule, --upload, --download or --clear.',
    );
  }
  return withHost(async (host) => {
    const { bandwidth } = changes;
    if (isFields(bandwidth) && !isCleared.has('bandwidth')) {
      const { config } = await host.procedures.network.inspect({ name });
      changes['bandwidth'] = { ...config.bandwidth, ...bandwidth };
    }
    // What is not valid is the contract's to say.
    await host.procedures.network.set({ name, ...changes });
    return 0;
  });
}

/** `skerry network allow` and `skerry network deny` */
export function decideNetwork(
  action: 'allow' | 'deny',
  name: string,
  destinations: readonly string[],
  { temporary }: { readonly temporary?: boolean },
): Promise<number> {
  return withHost(async (host) => {
    for (const destination of destinations) {
      const isTemporary = temporary === true;
      await host.procedures.network.decide({ name, action, destination, isTemporary });
    }
    return 0;
  });
}

/** `skerry network forget` */
export function forgetNetwork(name: string, destinations: readonly string[]): Promise<number> {
  return withHost(async (host) => {
    for (const destination of destinations) {
      await host.procedures.network.forget({ name, destination });
    }
    return 0;
  });
}

/** One line per fact, then the rules in their order. */
function networkFacts({ link, config, rules, ports, traffic }: NetworkStatus): string {
  const facts = [
    ['Link', link],
    ['Policy', config.policy],
    ...limitFacts(config.bandwidth),
    ['Sent', formatBytes(traffic.sentBytes)],
    ['Received', formatBytes(traffic.receivedBytes)],
    ['Connections', `${String(traffic.tcpConnections)} TCP, ${String(traffic.udpFlows)} UDP`],
    ...ports.map(({ port, state, problem }) => {
      return [
        'Port',
        problem === undefined ? `${port} ${state}` : `${port} ${state}: ${problem.message}`,
      ];
    }),
    ...rules.map(({ text, source }, index) => [
      `Rule ${String(index + 1)}`,
      `${text}  (${source})`,
    ]),
  ];
  return formatTable(facts);
}

/** As they are set, `Upload  at most 2.5 Mbit/s`; without one it goes as fast as it can. */
function limitFacts({ upload, download }: NetworkStatus['config']['bandwidth']): string[][] {
  const limits = { Upload: upload, Download: download };
  return Object.entries(limits).flatMap(([name, limit]) =>
    limit === undefined ? [] : [[name, `at most ${String(limit)} Mbit/s`]],
  );
}

/** `2026-01-02T03:04:05.000Z  deny   tcp 10.0.0.1:80  x3  policy public: deny everything else` */
function decisionLine(decision: Decision): string {
  const { atMs, verdict, direction, protocol, name, address, port, count, rule } = decision;
  const at = bracketed(address ?? '');
  const where = port === undefined ? at : `${at}:${String(port)}`;
  const target = name === undefined ? where : where === '' ? name : `${name} (${where})`;
  const words = [
    new Date(atMs).toISOString(),
    verdict.padEnd(5),
    direction === 'ingress' ? `${protocol} from` : protocol,
    target,
    ...(count === 1 ? [] : [`x${String(count)}`]),
    rule,
  ];
  return `${printable(words.join('  '))}\n`;
}
