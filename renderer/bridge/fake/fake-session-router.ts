/** Sessions of the in-memory host: begun, listed, asked about and closed. */
import { implement } from '@orpc/server';
import { contract } from '../../../main/contract/contract.ts';
import type { Session } from '../../../main/contract/session.ts';
import type { Sandbox } from '../../../main/contract/sandbox.ts';
import { failure } from './fake-failure.ts';
import type { FakeHost } from './fake-host.ts';
import { FakeSession } from './fake-session.ts';

const os = implement(contract);
const defaultSize = { rows: 24, columns: 80 };

/** The procedures below `sessions`. */
export function createFakeSessionRouter(host: FakeHost) {
  const find = (id: string): FakeSession => {
    const session = host.sessions.get(id);
    if (session === undefined) throw failure('session/not-found', `No session is "${id}".`);
    return session;
  };
  return {
    inspect: os.sessions.inspect.handler(({ input }) => find(input.id).description),
    activity: os.sessions.activity.handler(({ input }) => find(input.id).activity),
    close: os.sessions.close.handler(({ input }) => {
      find(input.id).close();
      host.sessions.delete(input.id);
    }),
  };
}

/** The procedures below `sandboxes` that begin and list sessions. */
export function createFakeExecRouter(host: FakeHost, find: (name: string) => Sandbox) {
  const begin = (
    name: string,
    command: string[],
    tty: { readonly rows: number; readonly columns: number } | undefined,
    isShell: boolean,
  ): Session => {
    if (find(name).state !== 'running') {
      throw failure('sandbox/not-running', `The sandbox "${name}" is not running.`);
    }
    const [path = ''] = command;
    // No image of the in-memory host has a bash.
    const shell = path.endsWith('/bash') ? { path: '/bin/sh', wanted: path } : { path };
    const session = new FakeSession(
      {
        id: host.nextId('session'),
        sandbox: name,
        command,
        tty: tty !== undefined,
        startedAtMs: Date.now(),
        ...(isShell && { shell }),
      },
      tty ?? defaultSize,
    );
    host.sessions.set(session.description.id, session);
    return session.description;
  };
  return {
    exec: os.sandboxes.exec.handler(({ input }) =>
      begin(input.name, input.command, input.tty, false),
    ),
    shell: os.sandboxes.shell.handler(({ input }) =>
      begin(input.name, [find(input.name).config.shell], input.tty, true),
    ),
    sessions: os.sandboxes.sessions.handler(({ input }) =>
      [...host.sessions.values()]
        .map(({ description }) => description)
        .filter(({ sandbox }) => sandbox === input.name),
    ),
  };
}
