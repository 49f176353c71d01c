import type { Command } from 'commander';
import type { LogOptions } from '../commands/logs.ts';
import type { StreamOptions } from '../commands/stats.ts';
import { collect, parseNumber, type JsonOption } from '../options.ts';
import { parseMoment } from '../parse-moment.ts';
import type { Perform } from './perform.ts';

/** `logs`, `stats`, `top`, `commands`, `boot`: what a sandbox says, uses and runs. */
export function addLiveCommands(program: Command, perform: Perform): void {
  program
    .command('logs')
    .description('show what a sandbox has said: its console, its agent, its commands')
    .argument('<name>')
    .option('-f, --follow', 'go on with what follows, after the latest 200 lines')
    .option('-n, --tail <lines>', 'the latest lines only', parseNumber)
    .option('--since <time>', '10m, 2h, 3d ago, or a date: 2026-01-31T08:00', parseMoment)
    .option('--until <time>', 'as --since', parseMoment)
    .option('--source <source>', 'console, agent or command; may be given again', collect)
    .option('--command <id>', 'of one command, as `skerry commands` names it')
    .option('--search <text>', 'lines that have this text')
    .option('-t, --timestamps', 'say when each line was read')
    .option('--json', 'print a line of JSON for each')
    .action(async (name: string, options: LogOptions) => {
      const { showLogs } = await import('../commands/logs.ts');
      await perform(showLogs(name, options));
    });
  program
    .command('stats')
    .description('show what running sandboxes use, second by second')
    .argument('[name...]')
    .option('--no-stream', 'once, and no more')
    .option('--json', 'print JSON; a line each second unless with --no-stream')
    .action(async (names: string[], options: StreamOptions) => {
      const { showStats } = await import('../commands/stats.ts');
      await perform(showStats(names, options));
    });
  program
    .command('top')
    .description('show the processes of a sandbox, the busiest first')
    .argument('<name>')
    .option('--no-stream', 'once, and no more')
    .option('--json', 'print JSON once')
    .action(async (name: string, options: StreamOptions) => {
      const { showProcesses } = await import('../commands/top.ts');
      await perform(showProcesses(name, options));
    });
  program
    .command('commands')
    .description('list the commands that ran in a sandbox without a terminal, and how they ended')
    .argument('<name>')
    .option('--json', 'print JSON')
    .action(async (name: string, options: JsonOption) => {
      const { listCommands } = await import('../commands/command-runs.ts');
      await perform(listCommands(name, options));
    });
  program
    .command('boot')
    .description('show where the time of the latest start went')
    .argument('<name>')
    .option('--json', 'print the latest starts as JSON')
    .action(async (name: string, options: JsonOption) => {
      const { showBoot } = await import('../commands/boot.ts');
      await perform(showBoot(name, options));
    });
}
