import type { ImageDetails } from '../../../main/contract/image.ts';
import { CopyIconButton } from '../../ui/copy.tsx';
import { formatBytes, shortDigest } from '../../ui/format.ts';
import { Ago } from '../../ui/time.tsx';
import { plainStep } from './image-words.ts';

/** How it was made, as whoever made it says; the first step first. */
export function ImageHistory({ details }: { readonly details: ImageDetails }) {
  if (details.history.length === 0) {
    return <p className="quiet">It does not say how it was made.</p>;
  }
  return (
    <div className="table-frame">
      <table className="table" aria-label="History">
        <thead>
          <tr>
            <th scope="col">Step</th>
            <th scope="col">Layer</th>
            <th scope="col">Size</th>
            <th scope="col">Made</th>
          </tr>
        </thead>
        <tbody>
          {details.history.map((entry, index) => {
            const layer = details.layers.find(({ digest }) => digest === entry.layer);
            const step = plainStep(entry.createdBy ?? entry.comment ?? 'not said');
            return (
              <tr key={`${String(index)} ${step}`}>
                <td>
                  <span className="copyable">
                    <code className="image-step">{step}</code>
                    <CopyIconButton text={entry.createdBy ?? step} what="step" />
                  </span>
                  {entry.author !== undefined && <div className="quiet">{entry.author}</div>}
                </td>
                <td className="mono">
                  {entry.layer === undefined ? (
                    <span className="quiet">none</span>
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
