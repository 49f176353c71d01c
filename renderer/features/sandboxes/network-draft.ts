/** The network part of the form as it is typed. Pure. */
import type { NetworkRule } from '../../../main/contract/config/network-rule.ts';
import type { NetworkConfig } from '../../../main/contract/config/network.ts';

/** A rule as it is typed. */
export interface RuleDraft extends Pick<NetworkRule, 'action' | 'direction' | 'destination'> {
  readonly protocols: readonly NetworkRule['protocols'][number][];
  /** Numbers and ranges with commas between them; empty for every port. */
  readonly ports: string;
}

/** See the head of this file. */
export interface NetworkDraft {
  readonly policy: NetworkConfig['policy'];
  readonly allow: readonly string[];
  readonly deny: readonly string[];
  readonly rules: readonly RuleDraft[];
  readonly ports: readonly string[];
  /** In Mbit/s; empty for as fast as it goes. */
  readonly upload: string;
  readonly download: string;
}

/** A network with the defaults of the contract. */
export const defaultNetworkDraft: NetworkDraft = {
  policy: 'public',
  allow: [],
  deny: [],
  rules: [],
  ports: [],
  upload: '',
  download: '',
};

/** A rule that is just being added. */
export const emptyRule: RuleDraft = {
  action: 'deny',
  direction: 'egress',
  destination: 'any',
  protocols: [],
  ports: '',
};

/** The draft that stands for a network: what {@link networkOfDraft} turns into the same again. */
export function networkDraftOf(network: NetworkConfig): NetworkDraft {
  const { policy, allow, deny, rules, ports, bandwidth } = network;
  return {
    ...{ policy, allow, deny, ports },
    rules: rules.map((rule) => ({ ...rule, ports: rule.ports.join(', ') })),
    upload: rateText(bandwidth.upload),
    download: rateText(bandwidth.download),
  };
}

/** The network that a draft stands for, right or wrong. */
export function networkOfDraft(draft: NetworkDraft): Record<keyof NetworkConfig, unknown> {
  const { policy, allow, deny, rules, ports, upload, download } = draft;
  return {
    ...{ policy, allow, deny, ports },
    rules: rules.map((rule) => ({
      ...rule,
      ports: rule.ports.split(/[\s,]+/).filter((port) => port !== ''),
    })),
    bandwidth: { ...rateOf('upload', upload), ...rateOf('download', download) },
  };
}

function rateText(rate: number | undefined): string {
  return rate === undefined ? '' : String(rate);
}

/** NaN where the text is no number, so that the schema says what it wants. */
function rateOf(field: 'upload' | 'download', text: string): Record<string, number> {
  // A comma as well: it is how half the world writes a fraction.
  const typed = text.trim().replace(',', '.');
  if (typed === '') return {};
  return { [field]: /^\d+(?:\.\d+)?$/.test(typed) ? Number(typed) : Number.NaN };
}
