/** The options of a network as changes of it; see `config-options.ts`. */
import type { ConfigOptions } from './config-options.ts';
import { parseRule } from './option-values.ts';

/** What the options name, not yet checked. */
export function parseRuleOptions(
  options: Pick<ConfigOptions, 'net' | 'allow' | 'deny' | 'netRule' | 'upload' | 'download'>,
): Record<string, unknown> {
  const { net, allow, deny, netRule, upload, download } = options;
  const bandwidth = {
    ...(upload === undefined ? {} : { upload }),
    ...(download === undefined ? {} : { download }),
  };
  return {
    ...(net === undefined ? {} : { policy: net }),
    ...(allow === undefined ? {} : { allow }),
    ...(deny === undefined ? {} : { deny }),
    ...(netRule === undefined ? {} : { rules: netRule.map(parseRule) }),
    ...(Object.keys(bandwidth).length === 0 ? {} : { bandwidth }),
  };
}
