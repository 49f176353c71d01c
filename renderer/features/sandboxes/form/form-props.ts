import type { ConfigRemark } from '../../../../main/contract/config/config-report.ts';
import type { CreateDraft } from '../create-draft.ts';

/** What every part of the form is given. */
export interface FormPartProps {
  readonly draft: CreateDraft;
  /** Of the contract and of this host, by the paths of the configuration. */
  readonly problems: readonly ConfigRemark[];
  readonly onChange: (change: Partial<CreateDraft>) => void;
}
