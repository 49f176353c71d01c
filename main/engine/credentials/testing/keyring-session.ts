/** A session bus with gnome-keyring on it, for as long as a test runs. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** See {@link startKeyringSession}. */
export interface KeyringSession extends AsyncDisposable {
  /** The environment of a program in it. */
  readonly env: Readonly<Record<string, string>>;
}

/** A user's environment of which nothing is this machine's own but its programs. */
export async function aloneIn(home: string): Promise<Record<string, string>> {
  const runtimeDir = path.join(home, 'run');
  await mkdir(runtimeDir, { recursive: true, mode: 0o700 });
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    XDG_RUNTIME_DIR: runtimeDir,
    GNUPGHOME: path.join(home, 'gnupg'),
  };
}

/** Starts one; its keyring is unlocked, or is one that asks for a password, which nobody can give. */
export async function startKeyringSession(
  home: string,
  options: { readonly isUnlocked: boolean },
): Promise<KeyringSession> {
  const env = await aloneIn(home);
  const unlock = 'printf secret | gnome-keyring-daemon --unlock --components=secrets >/dev/null';
  const script = [
    ...(options.isUnlocked ? [unlock] : []),
    'echo "bus $DBUS_SESSION_BUS_ADDRESS"',
    // Until its stdin is closed.
    'cat >/dev/null',
  ].join('\n');
  const child = spawn('dbus-run-session', ['--', 'sh', '-c', script], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env,
  });
  const closed = once(child, 'close');
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('bus ')) continue;
    return {
      env: { ...env, DBUS_SESSION_BUS_ADDRESS: line.slice('bus '.length) },
      [Symbol.asyncDispose]: async () => {
        child.stdin.end();
        child.stdout.resume();
        await closed;
      },
    };
  }
  throw new Error('dbus-run-session ended.');
}
