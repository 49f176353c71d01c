import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openProfileLog, useProfileOf } from './profile.ts';
import * as electron from './testing/fake-electron.ts';

vi.mock('electron', () => import('./testing/fake-electron.ts'));

let dir: string;

beforeEach(() => {
  electron.resetElectron();
  dir = mkdtempSync(path.join(tmpdir(), 'skerry-profile-'));
  electron.app.paths = { userData: path.join(dir, 'usual') };
});
afterEach(() => {
  chmodSync(dir, 0o700);
  rmSync(dir, { recursive: true });
});

const userData = () => electron.app.paths['userData'];

describe('the profile', () => {
  it('is the usual one where no state directory is named', () => {
    useProfileOf(undefined);
    useProfileOf('');
    expect(userData()).toBe(path.join(dir, 'usual'));
  });

  it('is in the state directory that is named, for the user alone', () => {
    useProfileOf(path.join(dir, 'other'));
    expect(userData()).toBe(path.join(dir, 'other', 'desktop'));
    expect(statSync(userData() ?? '').mode & 0o777).toBe(0o700);
  });

  it('is the usual one where the named directory is none', () => {
    writeFileSync(path.join(dir, 'file'), '');
    useProfileOf(path.join(dir, 'file'));
    expect(userData()).toBe(path.join(dir, 'usual'));
  });

  it('has a log', () => {
    openProfileLog().warn('Something happened', { count: 1 });
    const log = readFileSync(path.join(dir, 'usual/logs/desktop.log'), 'utf8');
    expect(JSON.parse(log)).toMatchObject({ message: 'Something happened', count: 1 });
  });

  it('has no log where none can be written, and the app goes on', () => {
    writeFileSync(path.join(dir, 'usual'), '');
    expect(() => {
      openProfileLog().error('Nobody hears this');
    }).not.toThrow();
  });
});
