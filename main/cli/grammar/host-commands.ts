import type { Command } from 'commander';
import { hidden, parsePort, type JsonOption, type ServeOptions } from '../options.ts';
import type { Perform } from './perform.ts';

/** `serve`, `doctor`, `templates …`, `diagnostics`. */
export function addHostCommands(program: Command, perform: Perform): void {
  program
    .command('serve')
    .description('serve the window to a browser on this machine')
    .option('--port <n>', 'port on 127.0.0.1; any free one otherwise', parsePort)
    .option('--open', 'open the browser')
    .addOption(hidden('--background'))
    .addOption(hidden('--ready-fd <n>').argParser(Number))
    .action(async (options: ServeOptions) => {
      const { serve } = await import('../commands/serve.ts');
      await perform(serve(options));
    });
  program
    .command('doctor')
    .description('what this machine can do, what is missing, and the command that mends it')
    .option('--json', 'print JSON')
    .action(async (options: JsonOption) => {
      const { doctor } = await import('../commands/doctor.ts');
      await perform(doctor(options));
    });
  addTemplateCommands(
    program.command('templates').description('machines that are kept booted, for warm starts'),
    perform,
  );
  program
    .command('diagnostics')
    .description('write a tar file for whoever helps: what this machine is and what went wrong')
    .option(
      '-o, --output <file>',
      'the file to write, or - for stdout; by default one named by the time',
    )
    .action(async (options: { readonly output?: string }) => {
      const { writeDiagnostics } = await import('../commands/diagnostics.ts');
      await perform(writeDiagnostics(options));
    });
}

function addTemplateCommands(templates: Command, perform: Perform): void {
  templates
    .command('list', { isDefault: true })
    .alias('ls')
    .description('list the templates, the one that was used last first')
    .option('--json', 'print JSON')
    .action(async (options: JsonOption) => {
      const { listTemplates } = await import('../commands/templates.ts');
      await perform(listTemplates(options));
    });
  templates
    .command('clear')
    .description('remove all of them; sandboxes that run go on')
    .action(async () => {
      const { clearTemplates } = await import('../commands/templates.ts');
      await perform(clearTemplates());
    });
}
