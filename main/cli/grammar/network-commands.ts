import type { Command } from 'commander';
import type { SetOptions } from '../commands/network.ts';
import { collect, parseRate, type JsonOption } from '../options.ts';
import type { Perform } from './perform.ts';

/** `network …`, `port …`: while it runs, and for good. */
export function addNetworkCommands(program: Command, perform: Perform): void {
  const network = program.command('network').description('what a sandbox reaches, and why');
  network
    .command('show')
    .description('show the policy with its rules in order, the ports and the traffic')
    .argument('<name>')
    .option('--json', 'print JSON')
    .action(async (name: string, options: JsonOption) => {
      const { showNetwork } = await import('../commands/network.ts');
      await perform(showNetwork(name, options));
    });
  network
    .command('log')
    .description('show what was allowed and denied, and by which rule')
    .argument('<name>')
    .option('-f, --follow', 'go on with what follows')
    .option('--json', 'print a line of JSON for each')
    .action(async (name: string, options: JsonOption & { follow?: boolean }) => {
      const { showNetworkLog } = await import('../commands/network.ts');
      await perform(showNetworkLog(name, options));
    });
  network
    .command('test')
    .description('say what would happen to a destination, and why; exits with 1 where it is denied')
    .argument('<name>')
    .argument('<host[:port]>', 'a name or an address; port 443 unless it is named')
    .option('--protocol <protocol>', 'tcp, udp or icmp', 'tcp')
    .option('--json', 'print JSON')
    .action(async (name: string, host: string, options: JsonOption & { protocol?: string }) => {
      const { testNetwork } = await import('../commands/network.ts');
      await perform(testNetwork(name, host, options));
    });
  network
    .command('set')
    .description('change the network at once; what is named takes the place of what was there')
    .argument('<name>')
    .option('--net <policy>', 'none, public, allow-list or all')
    .option('--allow <destination>', 'may be given again', collect)
    .option('--deny <destination>', 'may be given again', collect)
    .option('--net-rule <rule>', "'{ action: deny, destination: private }'", collect)
    .option('--upload <mbit>', 'most that it sends, in Mbit/s', parseRate)
    .option('--download <mbit>', 'most that it is sent, in Mbit/s', parseRate)
    .option('--clear <fields>', 'empty allow, deny, rules or bandwidth; with "," between them')
    .action(async (name: string, options: SetOptions) => {
      const { setNetwork } = await import('../commands/network.ts');
      await perform(setNetwork(name, options));
    });
  for (const action of ['allow', 'deny'] as const) {
    network
      .command(action)
      .description(`${action} destinations from now on`)
      .argument('<name>')
      .argument('<destination...>', 'name, *.name, address, CIDR or group')
      .option('--temporary', 'until the sandbox stops')
      .action(async (name: string, destinations: string[], options: { temporary?: boolean }) => {
        const { decideNetwork } = await import('../commands/network.ts');
        await perform(decideNetwork(action, name, destinations, options));
      });
  }
  network
    .command('forget')
    .description('take back what was allowed or denied')
    .argument('<name>')
    .argument('<destination...>')
    .action(async (name: string, destinations: string[]) => {
      const { forgetNetwork } = await import('../commands/network.ts');
      await perform(forgetNetwork(name, destinations));
    });
  addPortCommands(program.command('port').description('ports that lead into a sandbox'), perform);
}

function addPortCommands(port: Command, perform: Perform): void {
  port
    .command('add')
    .description('publish ports, at 127.0.0.1 unless another address is named')
    .argument('<name>')
    .argument('<host:guest...>', '8080:80, 0.0.0.0:8080:80, 5353:53/udp')
    .action(async (name: string, ports: string[]) => {
      const { addPorts } = await import('../commands/ports.ts');
      await perform(addPorts(name, ports));
    });
  port
    .command('rm')
    .description('publish ports no more')
    .argument('<name>')
    .argument('<host:guest...>')
    .action(async (name: string, ports: string[]) => {
      const { removePorts } = await import('../commands/ports.ts');
      await perform(removePorts(name, ports));
    });
  port
    .command('ls')
    .description('list the published ports, and what listens in the sandbox')
    .argument('<name>')
    .option('--json', 'print JSON')
    .action(async (name: string, options: JsonOption) => {
      const { listPorts } = await import('../commands/ports.ts');
      await perform(listPorts(name, options));
    });
}
