import type { Command } from 'commander';
import type { LoginOptions } from '../commands/registries.ts';
import type { JsonOption } from '../options.ts';
import type { Perform } from './perform.ts';

/** `login`, `logout`, `registries`. */
export function addRegistryCommands(program: Command, perform: Perform): void {
  program
    .command('login')
    .description('keep a password for a registry, after asking the registry whether it is right')
    .argument('<registry>', 'docker.io, registry.example:5000')
    .option('-u, --username <user>', 'asked for otherwise; <token> for an identity token')
    .option('--password-stdin', 'read the password from stdin; asked for otherwise')
    .option('--allow-file', 'write it to a file where nothing keeps it encrypted')
    .option('--skip-test', 'do not ask the registry')
    .action(async (registry: string, options: LoginOptions) => {
      const { login } = await import('../commands/registries.ts');
      await perform(login(registry, options));
    });
  program
    .command('logout')
    .description('forget the password for a registry')
    .argument('<registry>')
    .action(async (registry: string) => {
      const { logout } = await import('../commands/registries.ts');
      await perform(logout(registry));
    });
  program
    .command('registries')
    .description('list registries, who we are there, and where that is from')
    .option('--json', 'print JSON')
    .action(async (options: JsonOption) => {
      const { listRegistries } = await import('../commands/registries.ts');
      await perform(listRegistries(options));
    });
}
