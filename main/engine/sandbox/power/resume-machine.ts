/** A guest that stood still goes on, with the right time. */
import { randomBytes } from 'node:crypto';
import { isAppError } from '../../base/app-error.ts';
import type { Agent } from '../../agent/agent.ts';
import type { Vm } from '../../vm/driver.ts';

/** As PROTOCOL.md has it for CLOCK. */
const entropyBytes = 64;
/** For a guest that went on and has its time anyhow a moment later; nobody waits for longer. */
const clockTimeoutMs = 10_000;

/** What stood still. */
export interface StandingMachine {
  readonly vm: Vm;
  /** Throws where there is none at the moment. */
  readonly agent: Agent;
}

/**
 * Lets a paused machine go on and tells it what time it is. One whose agent does not answer goes on
 * all the same: its clock is late until its agent is connected anew.
 * @throws what the driver does
 */
export async function resumeMachine(machine: StandingMachine): Promise<void> {
  await machine.vm.resume();
  try {
    await tellTime(machine.agent, AbortSignal.timeout(clockTimeoutMs));
  } catch (error) {
    if (!isAppError(error)) throw error;
  }
}

/**
 * The guest's clock and its random pool, which are those of the past.
 * @throws as {@link Agent.setClock}
 */
export async function tellTime(agent: Agent, signal?: AbortSignal): Promise<void> {
  await agent.setClock(Date.now(), randomBytes(entropyBytes), signal);
}
