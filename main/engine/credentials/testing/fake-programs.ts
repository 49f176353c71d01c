/** Programs for a PATH of the test's own, on which nothing else is. */
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Writes a program, a script for /bin/sh that finds no other programs by their names. */
export async function writeProgram(dir: string, name: string, script: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  const file = path.join(dir, name);
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
}

/** Writes a credential helper that keeps what it is given, in `kept.json` beside it. */
export async function writeHelper(dir: string, name: string): Promise<void> {
  const program = `docker-credential-${name}`;
  await writeProgram(dir, program, `exec '${process.execPath}' '${dir}/${program}.mjs' "$@"`);
  const file = JSON.stringify(path.join(dir, `${program}.json`));
  await writeFile(
    path.join(dir, `${program}.mjs`),
    `import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
    const kept = existsSync(${file}) ? JSON.parse(readFileSync(${file}, 'utf8')) : {};
    const input = readFileSync(0, 'utf8');
    const action = process.argv[2];
    appendFileSync(${JSON.stringify(path.join(dir, `${program}.log`))}, action + '\\n');
    if (action === 'store') {
      const { ServerURL, ...rest } = JSON.parse(input);
      kept[ServerURL] = { ServerURL, ...rest };
    } else if (kept[input] === undefined) {
      console.log('credentials not found in native keychain');
      process.exit(1);
    } else if (action === 'get') {
      console.log(JSON.stringify(kept[input]));
    } else {
      delete kept[input];
    }
    writeFileSync(${file}, JSON.stringify(kept));`,
  );
}

/** What such a helper was asked, in order. */
export async function actionsOf(dir: string, name: string): Promise<string[]> {
  const log = await readFile(path.join(dir, `docker-credential-${name}.log`), 'utf8');
  return log.trimEnd().split('\n');
}
