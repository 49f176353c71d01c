/**
 * A real guest in a world of its own (network-world.ts), tried from within. A program for
 * `unshare --net --mount`; arguments: a directory, and the part of the trial. Prints a line of JSON
 * for each thing that was tried.
 */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { createServer as createHttpServer } from 'node:http';
import path from 'node:path';
import { connect as connectTls } from 'node:tls';
import type { CreateRequest } from '../../contract/sandbox-config.ts';
import { isAppError } from '../base/app-error.ts';
import type { Engine } from '../engine.ts';
import { tryToGetAround } from './network-attempts.ts';
import { buildNetworkProbe } from './network-probe.ts';
import { digestOf } from './network-stream.ts';
import { enterWorld, world, type World } from './network-world.ts';
import { createSandbox, runScript, TestHome } from './test-engine.ts';

const [directory = '.', part = 'policies'] = process.argv.slice(2);
const name = 'guest';

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 100));

function tell(key: string, value: unknown): void {
  process.stdout.write(`${JSON.stringify([key, value])}\n`);
}

/** What a command of the guest printed, both ways, without what is around it. */
async function run(engine: Engine, script: string): Promise<string> {
  const { stdout, stderr } = await runScript(engine, name, script);
  return (stdout + stderr).replace(/^wget: |\r/gm, '').trim();
}

async function get(engine: Engine, url: string, options = ''): Promise<string> {
  return run(engine, `timeout 10 wget ${options} -qO- '${url}'`);
}

/** The first bytes that a TLS client says to a server of that name, as `printf` writes them. */
async function clientHello(servername: string): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const client = connectTls({ host: '127.0.0.1', port, servername });
  client.on('error', () => undefined);
  const [socket] = (await once(server, 'connection')) as [Socket];
  const [bytes] = (await once(socket, 'data')) as [Buffer];
  client.destroy();
  server.close();
  return [...bytes].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}

async function hello(engine: Engine, address: string, servername: string): Promise<string> {
  const bytes = await clientHello(servername);
  return run(engine, `printf '${bytes}' | timeout 10 nc ${address} 443`);
}

const udp = (address: string, bytes = 4): string =>
  `probe udp ${address} 9000 ${String(bytes)} | sed 's/^[0-9.]*$/answered/'`;
const ping = (address: string): string =>
  `ping -c 1 -W 4 ${address} >/dev/null 2>&1 && echo answered || echo silent`;
const lookUp = (host: string, server = ''): string =>
  `nslookup ${host} ${server} 2>&1 | sed -n '/^Name\\|NXDOMAIN/,$p' | grep -o 'NXDOMAIN\\|Address: .*' | sort -u | tr '\\n' ' '`;

async function tryPolicy(engine: Engine, policy: string): Promise<void> {
  const { public: open, private: closed, metadata, linkLocal, host } = world;
  const tried: Record<string, string> = {
    'public http': await get(engine, `http://${open}/`),
    'public http by IPv6': await get(engine, `http://[${world.publicIpv6}]/`),
    'public by name': await get(engine, 'http://public.test/'),
    'private http': await get(engine, `http://${closed}/`),
    'private tcp': await get(engine, `http://${closed}:8081/`),
    'private by IPv6': await get(engine, `http://[${world.privateIpv6}]:8081/`),
    metadata: await get(engine, `http://${metadata}/`),
    'link-local': await get(engine, `http://${linkLocal}:8081/`),
    'host by its own address': await get(engine, `http://${host}:8088/`),
    'host by the gateway': await get(engine, 'http://192.0.0.1:8088/'),
    'host by name': await get(engine, 'http://host.skerry.internal:8088/'),
    'public udp': await run(engine, udp(open)),
    'public udp by IPv6': await run(engine, udp(world.publicIpv6)),
    'public udp in fragments': await run(engine, udp(open, 65_507)),
    'private udp': await run(engine, udp(closed)),
    'public ping': await run(engine, ping(open)),
    'public ping by IPv6': await run(engine, ping(`-6 ${world.publicIpv6}`)),
    'private ping': await run(engine, ping(closed)),
    'public name': await run(engine, lookUp('public.test')),
    'rebinding name': await run(engine, lookUp('private.test')),
    'half rebinding name': await run(engine, lookUp('mixed.test')),
    'name by another server': await run(engine, lookUp('public.test', closed)),
    'no such name': await run(engine, lookUp('missing.test')),
  };
  for (const [key, value] of Object.entries(tried)) tell(`${policy}: ${key}`, value);
}

async function policies(engine: Engine): Promise<void> {
  for (const policy of ['public', 'none', 'all'] as const) {
    await engine.network.set(name, { policy });
    await tryPolicy(engine, policy);
  }
  for (const address of [world.host, '127.0.0.1']) {
    const question = { destination: address, port: 8088 } as const;
    tell(`asked: ${address}`, (await engine.network.test(name, question)).verdict);
  }
  await engine.network.set(name, { policy: 'public' });
  const denied = engine.network.log(name).filter(({ verdict }) => verdict === 'deny');
  tell('log', [...new Set(denied.map(({ address }) => address ?? ''))].filter(Boolean).sort());
  // Around it: another source address, another MAC address, the gateway's own address.
  const other =
    'ip addr add 192.0.0.3/29 dev eth0; ip route replace default via 192.0.0.1 src 192.0.0.3';
  const own = 'ip route replace default via 192.0.0.1; ip addr del 192.0.0.3/29 dev eth0';
  const page = `timeout 5 wget -qO- http://${world.public}/ || echo stopped`;
  tell('spoofed source', await run(engine, `${other}; ${page}; ${own}`));
  const mac =
    'ip link set eth0 down; ip link set eth0 address 02:00:00:00:00:09; ip link set eth0 up; ip route add default via 192.0.0.1';
  tell('foreign MAC', await run(engine, `${mac}; ${page}`));
  const back = mac.replace('00:09', '00:02');
  tell('own MAC again', await run(engine, `${back}; ${page}`));
  const rules = engine.network.log(name).map(({ rule }) => rule);
  tell('misbehavior', [...new Set(rules.filter((rule) => rule.startsWith('no frames')))].sort());
}

async function attempts(engine: Engine): Promise<void> {
  const guest = {
    run: (script: string) => run(engine, script),
    log: () => engine.network.log(name),
  };
  for (const [key, value] of await tryToGetAround(guest)) tell(key, value);
}

async function names(engine: Engine): Promise<void> {
  await engine.network.set(name, { policy: 'allow-list', allow: ['cdn-a.test', 'moving.test'] });
  const at = world.otherPublic;
  tell('before any look-up', await hello(engine, at, 'cdn-a.test'));
  tell('look-up', await run(engine, lookUp('cdn-a.test')));
  tell('the right server name', await hello(engine, at, 'cdn-a.test'));
  tell('another server name', await hello(engine, at, 'cdn-b.test'));
  tell('another name', await run(engine, lookUp('cdn-b.test')));
  tell('the right Host', await get(engine, 'http://cdn-a.test/'));
  tell('another Host', await get(engine, 'http://cdn-a.test/', "--header 'Host: cdn-b.test'"));
  tell('no name', await run(engine, `echo x | timeout 5 nc ${at} 7`));
  tell('a name that was answered once', await get(engine, `http://moving.test/`));
  tell('encrypted DNS', await get(engine, `http://${at}:853/`));
  await engine.network.set(name, { policy: 'public', allow: [], deny: ['cdn-b.test'] });
  tell('denied server name', await hello(engine, at, 'cdn-b.test'));
  tell('other server name', await hello(engine, at, 'cdn-a.test'));
  tell('denied name', await run(engine, lookUp('cdn-b.test')));
}

async function changes(engine: Engine, home: TestHome): Promise<void> {
  await engine.sandboxes.shell({
    name,
    script: `(echo x; sleep 30) | nc ${world.public} 7; echo ended`,
  });
  const count = async (): Promise<number> => {
    const seen = Promise.withResolvers<number>();
    const stop = engine.network.subscribe(name, (event) => {
      if (event.type === 'status' && event.status.traffic.sentBytes > 0) {
        seen.resolve(event.status.traffic.tcpConnections);
      }
    });
    const value = await seen.promise;
    stop();
    return value;
  };
  while ((await count()) !== 1) await pause();
  await engine.network.set(name, { policy: 'none' });
  while ((await count()) !== 0) await pause();
  tell('a connection that is not allowed any more', 'ended');
  await engine.network.decide(name, {
    ...{ action: 'allow', destination: world.public, isTemporary: true },
  });
  tell('allowed for now', await get(engine, `http://${world.public}/`));
  await engine.network.forget(name, world.public);
  tell('taken back', await get(engine, `http://${world.public}/`));
  await engine.network.set(name, { policy: 'public' });

  await engine.sandboxes.shell({
    name,
    script: 'echo page >/tmp/index.html; httpd -f -p 8000 -h /tmp',
  });
  await engine.sandboxes.shell({ name, script: 'httpd -f -p 127.0.0.1:8001 -h /tmp' });
  let listeners = await engine.network.listeners(name);
  while (listeners.length < 2) {
    await pause();
    listeners = await engine.network.listeners(name);
  }
  tell(
    'listeners',
    listeners.map(({ port, reach, command }) => ({ port, reach, command })),
  );
  await engine.network.addPort(name, '4000:8000');
  const page = async (port: number): Promise<string> =>
    fetch(`http://127.0.0.1:${String(port)}/`).then(
      (response) => response.text(),
      () => 'no answer',
    );
  tell('published', await page(4000));
  const taken = await engine.network.addPort(name, '8088:8000').catch((error: unknown) => error);
  tell('taken', isAppError(taken) && { code: taken.code, details: taken.details });
  await engine.network.removePort(name, '4000:8000');
  tell('not published any more', await page(4000));
  await engine.network.addPort(name, '0.0.0.0:4001:8000');
  tell('warned', (await engine.network.inspect(name)).ports[0]?.warning !== undefined);
  await engine.network.addPort(name, '4002:8002');
  tell('nobody listens', await page(4002));

  await home.close();
  tell('while no host process is there', await page(4001));
  const again = await home.open();
  tell('with the next host process', await page(4001));
  tell('and out', await get(again, `http://${world.public}/`));
  tell('link', again.sandboxes.inspect(name).network);
}

async function load(engine: Engine, { digest, bytes }: World): Promise<void> {
  const size = String(bytes);
  tell('download', /^[\d.]+$/.test(await run(engine, `probe take ${world.public} 2000 ${size}`)));
  const said = await run(engine, `probe give ${world.public} 2001 ${size}`);
  tell('upload', said === `${size} ${digest}`);
  // As `apt-get update` does it: a name, and files of many sizes. As `git clone`: a long talk.
  const sizes = [180, 3000, 64_000, 65_536, 200_000, 1_048_576];
  const sums = sizes.map((each) => `wget -qO- http://public.test/index/${String(each)} | md5sum`);
  const got = await run(engine, sums.join('; '));
  const expected = sizes.map((each) => `${digestOf(each)}  -`);
  tell('files by name', got === expected.join('\n'));
  const talk = `probe talk ${world.public} 7 300`;
  tell('a long talk', /^[\d.]+$/.test(await run(engine, talk)));
  tell('1000 at once', /^[\d.]+$/.test(await run(engine, `probe hold ${world.public} 7 1000`)));
  const churn = `probe connect ${world.public} 7 10000`;
  tell('10000 after each other', /^[\d.]+$/.test(await run(engine, churn)));
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const stop = engine.network.subscribe(name, (event) => {
    const traffic = event.type === 'status' ? event.status.traffic : undefined;
    if (traffic?.tcpConnections === 0 && traffic.sentBytes > 0) resolve(undefined);
  });
  await promise;
  stop();
  tell('connections that are left', 0);
}

const surroundings = await enterWorld(directory);
const hostServer = createHttpServer((_, response) => {
  response.end('served by the host\n');
});
await new Promise<void>((resolve) => hostServer.listen(8088, '::', resolve));
const probe = path.join(directory, 'probe');
await buildNetworkProbe(probe);
const patches: CreateRequest['patches'] = [
  { kind: 'file', path: '/bin/probe', source: probe, mode: '0755' },
];
try {
  await using home = await TestHome.make();
  const engine = await home.open();
  await createSandbox(engine, { name, patches });
  if (part === 'policies') await policies(engine);
  else if (part === 'attempts') await attempts(engine);
  else if (part === 'names') await names(engine);
  else if (part === 'changes') await changes(engine, home);
  else await load(engine, surroundings);
} finally {
  surroundings[Symbol.dispose]();
  hostServer.close();
}
