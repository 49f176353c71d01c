import { useTranslation } from 'react-i18next';
import type { ImageDetails } from '../../../main/contract/image.ts';
import { CopyIconButton } from '../../ui/copy.tsx';
import { formatBytes, shortDigest } from '../../ui/format.ts';
import { Ago } from '../../ui/time.tsx';
import { plainStep } from './image-words.ts';

/** How it was made, as whoever made it says; the first step first. */
export function ImageHistory({ details }: { readonly details: ImageDetails }) {
  const { t } = useTranslation('images');
  if (details.history.length === 0) {
    return <p className="quiet">{t('history.none')}</p>;
  }
  return (
    <div className="table-frame">
      <table className="table" aria-label={t('history.label')}>
        <thead>
          <tr>
            <th scope="col">{t('history.step')}</th>
            <th scope="col">{t('history.layer')}</th>
            <th scope="col">{t('history.size')}</th>
            <th scope="col">{t('history.made')}</th>
          </tr>
        </thead>
        <tbody>
          {details.history.map((entry, index) => {
            const layer = details.layers.find(({ digest }) => digest === entry.layer);
            const step = plainStep(entry.createdBy ?? entry.comment ?? t('history.notSaid'));
            return (
              <tr key={`${String(index)} ${step}`}>
                <td>
                  <span className="copyable">
                    <code className="image-step">{step}</code>
                    <CopyIconButton text={entry.createdBy ?? step} what={t('history.copyStep')} />
                  </span>
                  {entry.author !== undefined && <div className="quiet">{entry.author}</div>}
                </td>
                <td className="mono">
                  {entry.layer === undefined ? (
                    <span className="quiet">{t('history.noLayer')}</span>
                  ) : (
                    <span title={entry.layer}>{shortDigest(entry.layer)}</span>
                  )}
                </td>
                <td>{layer === undefined ? '' : formatBytes(layer.diskBytes)}</td>
                <td>{entry.createdAtMs !== undefined && <Ago atMs={entry.createdAtMs} />}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
