/** Remembers from what something was made, so that it is made again only when that has changed. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { projectDir, stampDir } from './project.mjs';

/** Digest of the files of the checkout under these paths, by name and content. */
export async function hashFiles(paths) {
  const files = (await Promise.all(paths.map(listFiles))).flat().sort();
  const hash = createHash('sha256');
  for (const file of files) {
    const data = await readFile(path.join(projectDir, file));
    hash.update(`${file}\0${data.length}\0`).update(data);
  }
  return hash.digest('hex');
}

async function listFiles(relativePath) {
  const root = path.join(projectDir, relativePath);
  if (!existsSync(root)) return [];
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  if (entries.length === 0) return [relativePath];
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      path.relative(projectDir, path.join(entry.parentPath ?? entry.path, entry.name)),
    );
}

/** Whether the last {@link writeStamp} under this name was of the same content. */
export async function isStamped(name, content) {
  const stamp = await readFile(path.join(stampDir, name), 'utf8').catch(() => undefined);
  return stamp === content;
}

/** Remembers `content` under a name. */
export async function writeStamp(name, content) {
  await mkdir(stampDir, { recursive: true });
  await writeFile(path.join(stampDir, name), content);
}
