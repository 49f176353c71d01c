import type { Command } from 'commander';
import type { SetRegistryOptions, TestRegistryOptions } from '../commands/registry-settings.ts';
import type { JsonOption } from '../options.ts';
import type { Perform } from './perform.ts';

/** `registry set`, `registry rm`, `registry test`: how registries are reached. */
export function addRegistrySettingsCommands(program: Command, perform: Perform): void {
  const registry = program.command('registry').description('how registries are reached');
  registry
    .command('set')
    .description('change how a registry is reached; what is not named stays')
    .argument('<registry>', 'docker.io, registry.example:5000')
    .option('--insecure', 'allow plain HTTP, and TLS with any certificate')
    .option('--secure', 'allow neither')
    .option('--ca-file <file>', 'PEM file of further certificate authorities')
    .option('--no-ca-file', 'none but those that this machine trusts')
    .option('--mirror <registry...>', 'ask these first, in this order')
    .option('--no-mirrors', 'ask the registry alone')
    .option('--json', 'print the registry as JSON')
    .action(async (name: string, options: SetRegistryOptions) => {
      const { setRegistry } = await import('../commands/registry-settings.ts');
      await perform(setRegistry(name, options));
    });
  registry
    .command('rm')
    .description('forget what is kept for a registry')
    .argument('<registry>')
    .action(async (name: string) => {
      const { removeRegistry } = await import('../commands/registry-settings.ts');
      await perform(removeRegistry(name));
    });
  registry
    .command('test')
    .description('look step by step at how a registry is reached; exits with 1 where a step fails')
    .argument('<registry>')
    .option('--repository <repository>', 'one that is to be readable')
    .option('--json', 'print JSON')
    .action(async (name: string, options: TestRegistryOptions & JsonOption) => {
      const { testRegistry } = await import('../commands/registry-settings.ts');
      await perform(testRegistry(name, options));
    });
}
