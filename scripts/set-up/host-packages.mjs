/** Debian packages of the machine: finds what is missing and installs it, where it may. */
import { existsSync } from 'node:fs';
import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { hasProgram, isRoot, run, SetUpError } from './command.mjs';
import {
  aptCommand,
  bundledShareDaemon,
  chooseWay,
  installArguments,
  missingPackages,
  neededPackages,
  optionalPackages,
  queryFormat,
} from './package-plan.mjs';
import { nothingToDo, runStep } from './step.mjs';

/**
 * Installs the packages that are missing for a purpose.
 * @param {import('./package-plan.mjs').Purpose} purpose
 * @param {{ yes: boolean }} options `yes`: use sudo without asking
 */
export async function setUpHostPackages(purpose, { yes }) {
  await runStep('Packages of the system', async (say) => {
    const needed = neededPackages(purpose, process.arch);
    if (!(await hasProgram('dpkg-query'))) return await checkPrograms();
    const missing = [...(await findMissing(needed)), ...(await findWanted())];
    if (missing.length === 0) return nothingToDo;
    say(`missing: ${missing.join(', ')}`);
    const as = await obtainRoot(aptCommand(installArguments(missing), 'sudo'), { yes });
    if (!(await areListed(missing))) await apt(['update'], as);
    // Lists that are older than the archive name files that are gone from it.
    if ((await apt(installArguments(missing), as)) !== 0) {
      await apt(['update'], as);
      if ((await apt(installArguments(missing), as)) !== 0) {
        throw new SetUpError('apt-get could not install the packages; what it said is above.');
      }
    }
  });
}

/** Brings the lists of packages up to date. */
export async function updatePackageLists({ yes }) {
  const as = await obtainRoot(aptCommand(['update'], 'sudo'), { yes });
  if ((await apt(['update'], as)) !== 0) {
    throw new SetUpError('`apt-get update` failed; what it said is above.');
  }
}

async function findMissing(needed) {
  // It fails where one of them is unknown, and prints the others all the same.
  const { output } = await run(['dpkg-query', '--show', `--showformat=${queryFormat}`, ...needed]);
  return missingPackages(needed, output);
}

/** Those of the optional packages that are not there and could be. */
async function findWanted() {
  if (existsSync(bundledShareDaemon)) return [];
  const missing = await findMissing(optionalPackages);
  const listed = await Promise.all(missing.map((name) => areListed([name])));
  return missing.filter((_, index) => listed[index]);
}

async function areListed(names) {
  const { output } = await run(['apt-cache', 'policy', ...names]);
  const candidates = [...output.matchAll(/^ {2}Candidate: (\S+)$/gm)];
  return candidates.filter(([, version]) => version !== '(none)').length === names.length;
}

async function apt(args, as) {
  process.stderr.write(`  apt-get ${args.join(' ')}\n`);
  return (await run(aptCommand(args, as), { output: 'show' })).code;
}

/** @returns {Promise<'root' | 'sudo'>} */
async function obtainRoot(command, { yes }) {
  const isTerminal = process.stdin.isTTY === true && process.stderr.isTTY === true;
  const situation = { isRoot: isRoot(), yes, isTerminal, hasSudo: await hasProgram('sudo') };
  const way = chooseWay(situation);
  const text = (situation.hasSudo ? command : command.slice(1)).join(' ');
  switch (way) {
    case 'as-root':
      return 'root';
    case 'with-sudo':
      return 'sudo';
    case 'ask':
      process.stderr.write(`This needs root:\n\n  ${text}\n\n`);
      if (await confirm('Run it? [y/N] ')) return 'sudo';
      throw new SetUpError('Nothing was installed. Run the command above, then start again.');
    case 'tell':
      throw new SetUpError(`Run this as root, then start again:\n\n  ${text}\n`);
  }
}

async function confirm(question) {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(question)).trim());
  } finally {
    lines.close();
  }
}

/** On other systems the programs must be there already. */
async function checkPrograms() {
  if (process.platform !== 'linux') return nothingToDo;
  const emulator = process.arch === 'arm64' ? 'qemu-system-aarch64' : 'qemu-system-x86_64';
  const missing = [];
  for (const program of [emulator, 'cc', 'make', 'mke2fs', 'apt-get', 'dpkg-deb']) {
    if (!(await hasProgram(program))) missing.push(program);
  }
  if (missing.length === 0) return nothingToDo;
  throw new SetUpError(
    `This is not a Debian system, and it has no ${missing.join(', ')}. Install them, then start again.`,
  );
}
