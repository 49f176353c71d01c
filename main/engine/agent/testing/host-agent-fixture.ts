/**
 * The real agent, run on this machine (native-helpers/guest-agent/test), and a real client.
 */
import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { afterAll, beforeAll } from 'vitest';
import {
  buildTimeoutMs,
  startHostAgent,
  type HostAgent,
} from '../../../../native-helpers/guest-agent/test/programs.ts';
import { silentLogger } from '../../base/logger.ts';
import type { AgentExec, AgentSession, GuestSetup } from '../agent.ts';
import { connectAgent, type ConnectedAgent } from '../agent-client.ts';
import { collect } from './collect-output.ts';

/** What a test has while its file's agent runs. */
export interface HostAgentFixture {
  readonly agent: ConnectedAgent;
  readonly port: Socket;
  openPort(): Promise<Socket>;
  /** The host process dies: its end of the port is gone from one moment to the next. */
  loseHost(): Promise<void>;
  /** The next host process comes. */
  reconnect(port?: Socket): Promise<void>;
  /** The session that an earlier host started. */
  sessionAgain(session: Pick<AgentSession, 'id'>): AgentSession;
  /** Ends every session that is left. */
  killAll(): Promise<void>;
}

export const testSetup: GuestSetup = {
  hostname: 'box',
  root: { kind: 'image', lowerSerial: 'root', upperSerial: 'upper' },
  volumes: [],
  hasScripts: false,
  patches: [],
  nowMs: 1_700_000_000_000,
  entropy: new Uint8Array(32),
};

/** The agent is a program for Linux; elsewhere its tests are reported as skipped. */
export const isLinux = process.platform === 'linux';

/** Runs one agent, set up, for the tests of a file. */
export function useHostAgent(...overlay: Parameters<typeof startHostAgent>): HostAgentFixture {
  let host: HostAgent;
  let agent: ConnectedAgent;
  let port: Socket;
  const fixture: HostAgentFixture = {
    get agent() {
      return agent;
    },
    get port() {
      return port;
    },
    openPort: () => host.openPort(),
    async loseHost() {
      port.destroy();
      await agent.closed;
    },
    async reconnect(given) {
      port = given ?? (await host.openPort());
      agent = await connectAgent(port, { logger: silentLogger });
    },
    sessionAgain({ id }) {
      const session = agent.sessions().find((each) => each.id === id);
      if (session === undefined) throw new Error(`There is no session ${String(id)}.`);
      return session;
    },
    async killAll() {
      for (const session of agent.sessions()) {
        const collected = collect(session);
        session.signal(9);
        await collected;
      }
    },
  };
  if (!isLinux) return fixture;
  beforeAll(async () => {
    host = await startHostAgent(...overlay);
    await fixture.reconnect();
    await agent.setUp(testSetup);
  }, buildTimeoutMs);
  afterAll(async () => {
    agent.close();
    await host[Symbol.asyncDispose]();
  });
  return fixture;
}

/** A request for a shell with a script. */
export function sh(script: string, request: Partial<AgentExec> = {}): AgentExec {
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin' };
  return { command: ['sh', '-c', script], env, workdir: '/', ...request };
}

/** Bytes that would show a lost, doubled or changed one. */
export function pattern(byteCount: number): Buffer {
  const bytes = Buffer.alloc(byteCount);
  for (let index = 0; index + 4 <= byteCount; index += 4) bytes.writeUInt32LE(index * 7, index);
  return bytes;
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
