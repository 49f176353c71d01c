import type { NetworkConfig } from '../../contract/config/network.ts';
import type { NetworkAnswer, NetworkQuestion } from '../../contract/network.ts';
import { answerQuestion } from '../net/gateway/answer-question.ts';
import { isHostAddress } from '../net/gateway/own-addresses.ts';
import { noKnowledge } from '../net/policy/decide.ts';
import { compilePolicy } from '../net/policy/policy.ts';

/** What a configuration says to a destination, without a sandbox that asked for any name. */
export function askConfig(
  config: NetworkConfig,
  question: NetworkQuestion,
): Promise<NetworkAnswer> {
  const knowledge = { ...noKnowledge, isHost: isHostAddress };
  return answerQuestion(compilePolicy(config), knowledge, question);
}
