/** Names of sandboxes, each a link, those beyond `most` as a number. */
export function SandboxNames(props: {
  readonly names: readonly string[];
  readonly hrefOf: (name: string) => string;
  readonly most?: number;
}) {
  const { names, hrefOf, most = names.length } = props;
  if (names.length === 0) return <span className="quiet">nobody</span>;
  const rest = names.slice(most);
  return (
    <>
      {names.slice(0, most).map((name, index) => (
        <span key={name}>
          {index > 0 && ', '}
          <a href={hrefOf(name)}>{name}</a>
        </span>
      ))}
      {rest.length > 0 && <span title={rest.join(', ')}> and {rest.length} more</span>}
    </>
  );
}
