import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileLogger } from './file-logger.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'skerry-log-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

describe('createFileLogger', () => {
  it('writes lines of JSON that only the user may read', () => {
    const file = path.join(dir, 'logs/host.log');
    const logger = createFileLogger(file);
    logger.warn('The disk is slow', { ms: 12 });
    logger.debug('nothing');
    createFileLogger(file, true).debug('something');

    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { level: 'warn', message: 'The disk is slow', ms: 12 },
      { level: 'debug', message: 'something' },
    ]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('sets a long log aside', () => {
    const file = path.join(dir, 'host.log');
    const logger = createFileLogger(file);
    const text = 'x'.repeat(1024 * 1024);
    for (let i = 0; i < 12; i += 1) logger.info(text);
    const sizes = [file, `${file}.1`].map((name) => statSync(name).size);
    expect(Math.max(...sizes)).toBeLessThan(6 * 1024 * 1024);
    expect(readFileSync(file, 'utf8').endsWith('\n')).toBe(true);
  });

  it('does not fail where nothing can be written', () => {
    const logger = createFileLogger(path.join(dir, 'host.log'));
    rmSync(dir, { recursive: true });
    expect(() => {
      logger.error('lost');
    }).not.toThrow();
    dir = mkdtempSync(path.join(os.tmpdir(), 'skerry-log-'));
  });
});
