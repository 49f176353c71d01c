/** Addresses that the overview leads to. */
export interface OverviewLinks {
  readonly host: string;
  readonly network: string;
  readonly files: string;
  readonly logs: string;
  readonly stats: string;
  readonly commands: string;
  readonly config: string;
}
