import { useTranslation } from 'react-i18next';

/** Names of sandboxes, each a link, those beyond `most` as a number. */
export function SandboxNames(props: {
  readonly names: readonly string[];
  readonly hrefOf: (name: string) => string;
  readonly most?: number;
}) {
  const { t } = useTranslation('images');
  const { names, hrefOf, most = names.length } = props;
  if (names.length === 0) return <span className="quiet">{t('list.nobody')}</span>;
  const rest = names.slice(most);
  return (
    <>
      {names.slice(0, most).map((name, index) => (
        <span key={name}>
          {index > 0 && ', '}
          <a href={hrefOf(name)}>{name}</a>
        </span>
      ))}
      {rest.length > 0 && (
        <span title={rest.join(', ')}> {t('list.more', { amount: rest.length })}</span>
      )}
    </>
  );
}
