import { networkSchema, type NetworkConfig } from '../../../contract/config/network.ts';
import { problemsError } from '../../config/config-problem.ts';

/** What a change has made of a configuration. @throws AppError `config/invalid` */
export function checkNetwork(network: NetworkConfig): NetworkConfig {
  const { data, error } = networkSchema.safeParse(network);
  if (data !== undefined) return data;
  const problems = error.issues.map(({ path, message }) => {
    return { code: 'config/invalid', path: ['network', ...path].join('.'), message } as const;
  });
  throw problemsError(problems);
}
