/** The Link header (RFC 8288). */

const maxHeaderLength = 4096;
const linkPattern =
  /<([^<>]*)>((?:[ \t]*;[ \t]*[\w*-]+(?:[ \t]*=[ \t]*(?:"(?:[^"\\]|\\.)*"|[^\s",;]*))?)*)/g;
const relationPattern = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s",;]+))/i;

/** The target of the link with the relation `next`, as it is written: relative, as a rule. */
export function nextLink(header: string): string | undefined {
  for (const [, target, parameters = ''] of header
    .slice(0, maxHeaderLength)
    .matchAll(linkPattern)) {
    const relation = relationPattern.exec(parameters);
    const relations = (relation?.[1] ?? relation?.[2] ?? '').toLowerCase().split(/\s+/);
    if (relations.includes('next')) return target;
  }
  return undefined;
}
