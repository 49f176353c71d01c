/** What a guest that stood still is told first. */
import { randomBytes } from 'node:crypto';
import type { Agent } from '../../agent/agent.ts';

/** As PROTOCOL.md has it for CLOCK. */
const entropyBytes = 64;

/**
 * The guest's clock is set and its random pool reseeded: both are those of the past.
 * @throws as {@link Agent.setClock}
 */
export async function tellTime(agent: Agent, signal?: AbortSignal): Promise<void> {
  await agent.setClock(Date.now(), randomBytes(entropyBytes), signal);
}
