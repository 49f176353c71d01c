/** Values of images in words. Pure. */

/** Arguments as a shell would take them: words that need it are quoted. */
export function formatArguments(values: readonly string[]): string {
  return values
    .map((value) =>
      /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`,
    )
    .join(' ');
}

/** A step of a history without what builders put in front: `RUN apt-get update`. */
export function plainStep(createdBy: string): string {
  return createdBy
    .replace(/^\/bin\/sh -c #\(nop\)\s+/, '')
    .replace(/^(?:RUN )?\/bin\/sh -c /, 'RUN ')
    .replace(/\s# buildkit$/, '')
    .trim();
}
