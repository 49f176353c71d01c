/** How QEMU writes options: `key=value,key=value`, a comma in a value doubled. QEMU man page. */

/** Doubles the commas of a value, so that QEMU takes it as one. */
export function escapeOptionValue(value: string): string {
  return value.replaceAll(',', ',,');
}

/** One option list; `head` is what comes before the first key (a device, a backend), or empty. */
export function optionList(
  head: string,
  values: Readonly<Record<string, string | number | boolean>>,
): string {
  const pairs = Object.entries(values).map(([key, value]) => {
    const text = typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value);
    return `${key}=${escapeOptionValue(text)}`;
  });
  return [...(head === '' ? [] : [head]), ...pairs].join(',');
}
