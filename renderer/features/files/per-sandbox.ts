/** Makes a value for each sandbox when it is first asked for, by the sandbox's id; kept with the window. */
export function perSandbox<Value>(create: () => Value): (sandboxId: string) => Value {
  const made = new Map<string, Value>();
  return (sandboxId) => {
    const known = made.get(sandboxId);
    if (known !== undefined) return known;
    const value = create();
    made.set(sandboxId, value);
    return value;
  };
}

/** The record without what was set first, where it has more than `limit`; `key` is set last. */
export function withLatest<Value>(
  record: Readonly<Record<string, Value>>,
  key: string,
  value: Value,
  limit: number,
): Record<string, Value> {
  const { [key]: _before, ...others } = record;
  const kept = Object.entries(others).slice(-(limit - 1));
  return { ...Object.fromEntries(kept), [key]: value };
}
