import { useTranslation } from 'react-i18next';
import type { ImageDetails } from '../../../main/contract/image.ts';
import { Copyable } from '../../ui/copy.tsx';
import { formatBytes, shortDigest } from '../../ui/format.ts';
import { ImageNames } from './image-names.tsx';
import type { ImageLinks } from './image-links.ts';

/** Its layers from the lowest on, and who else has each. */
export function ImageLayers(props: { readonly details: ImageDetails; readonly links: ImageLinks }) {
  const { t } = useTranslation('images');
  const { details, links } = props;
  return (
    <div className="table-frame">
      <table className="table" aria-label={t('layers.label')}>
        <thead>
          <tr>
            <th scope="col">{t('layers.layer')}</th>
            <th scope="col">{t('layers.digest')}</th>
            <th scope="col">{t('layers.unpacked')}</th>
            <th scope="col">{t('layers.compressed')}</th>
            <th scope="col">{t('layers.sharedWith')}</th>
          </tr>
        </thead>
        <tbody>
          {details.layers.map((layer, index) => (
            <tr key={layer.diffId}>
              <td className="image-size" title={layer.mediaType}>
                {t('layers.place', { number: index + 1, total: details.layers.length })}
              </td>
              <td>
                <Copyable
                  value={layer.digest}
                  shown={shortDigest(layer.digest)}
                  what={t('layers.copyDigest', { number: index + 1 })}
                />
              </td>
              <td className="image-size">{formatBytes(layer.diskBytes)}</td>
              <td className="image-size">{formatBytes(layer.downloadBytes)}</td>
              <td>
                {layer.sharedWith.length === 0 && (
                  <span className="quiet">{t('layers.notShared')}</span>
                )}
                <ImageNames references={layer.sharedWith} links={links} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
