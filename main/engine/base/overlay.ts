/**
 * An object that does as another one, but for some of its members; what it has besides, and will
 * have, is the other one's own, which also hears its calls.
 */
export function overlay<T extends object>(below: T, members: Partial<T>): T {
  return new Proxy(below, {
    get: (target, key): unknown => {
      if (Object.hasOwn(members, key)) return members[key as keyof T];
      const value: unknown = Reflect.get(target, key, target);
      // A class keeps its secrets from whoever is not itself.
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
