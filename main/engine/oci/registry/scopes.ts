/** What a token is asked for (distribution specification, "Token Scope Documentation"). */

/** What is done in a repository. */
export type RepositoryActions = 'pull' | 'pull,push';

/** What a request to the API is about. */
export interface Wanted {
  /** None: the registry itself, as a login. */
  readonly repository?: string | undefined;
  /** `pull` by default. */
  readonly actions?: RepositoryActions | undefined;
  /** Further scopes, as `repository:other/app:pull` of a mount from there. */
  readonly moreScopes?: readonly string[] | undefined;
}

const maxScopes = 16;

/** The scopes of a request, before its registry has said anything. */
export function wantedScopes({ repository, actions = 'pull', moreScopes = [] }: Wanted): string[] {
  const own = repository === undefined ? [] : [`repository:${repository}:${actions}`];
  return [...own, ...moreScopes];
}

/**
 * The scopes to ask for. Those that the registry names in its challenge say for a pull what it
 * calls its repositories; for more than a pull ours go with them, since it names what the one
 * request needed and not what follows.
 */
export function askedScopes(wanted: Wanted, challenged: string | undefined): string[] {
  const named = (challenged ?? '').split(/\s+/).filter((scope) => scope !== '');
  const isPlainPull = (wanted.actions ?? 'pull') === 'pull' && named.length > 0;
  const scopes = [...named, ...(isPlainPull ? (wanted.moreScopes ?? []) : wantedScopes(wanted))];
  return joinActions(scopes).slice(0, maxScopes);
}

/** One scope for each resource, with the actions of all that name it. */
function joinActions(scopes: readonly string[]): string[] {
  const actionsOf = new Map<string, Set<string>>();
  for (const scope of scopes) {
    const colon = scope.lastIndexOf(':');
    const resource = colon < 0 ? scope : scope.slice(0, colon);
    const actions = actionsOf.get(resource) ?? new Set<string>();
    actionsOf.set(resource, actions);
    if (colon < 0) continue;
    for (const action of scope.slice(colon + 1).split(',')) actions.add(action);
  }
  return [...actionsOf].map(([resource, actions]) =>
    actions.size === 0 ? resource : `${resource}:${[...actions].join(',')}`,
  );
}
