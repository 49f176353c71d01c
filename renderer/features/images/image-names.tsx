import { useTranslation } from 'react-i18next';
import type { ImageLinks } from './image-links.ts';

/** Most that are shown; the others are on hover. */
const most = 4;

/** References below each other, each a link, those beyond some as a number. */
export function ImageNames(props: {
  readonly references: readonly string[];
  readonly links: ImageLinks;
}) {
  const { t } = useTranslation('images');
  const { references, links } = props;
  const rest = references.slice(most);
  return (
    <div className="image-names">
      {references.slice(0, most).map((reference) => (
        <a key={reference} className="mono" href={links.image(reference)}>
          {reference}
        </a>
      ))}
      {rest.length > 0 && (
        <span className="quiet" title={rest.join('\n')}>
          {t('list.more', { amount: rest.length })}
        </span>
      )}
    </div>
  );
}
