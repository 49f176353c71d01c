import type { ImageDetails } from '../../../main/contract/image.ts';
import { Copyable } from '../../ui/copy.tsx';
import { formatBytes, shortDigest } from '../../ui/format.ts';
import type { ImageLinks } from './image-links.ts';

/** Its layers from the lowest on, and who else has each. */
export function ImageLayers(props: { readonly details: ImageDetails; readonly links: ImageLinks }) {
  const { details, links } = props;
  return (
    <div className="table-frame">
      <table className="table" aria-label="Layers">
        <thead>
          <tr>
            <th scope="col">Layer</th>
            <th scope="col">Digest</th>
            <th scope="col">On disk</th>
            <th scope="col">Compressed</th>
            <th scope="col">Shared with</th>
          </tr>
        </thead>
        <tbody>
          {details.layers.map((layer, index) => (
            <tr key={layer.diffId}>
              <td title={layer.mediaType}>
                {index + 1} of {details.layers.length}
              </td>
              <td>
                <Copyable
                  value={layer.digest}
                  shown={shortDigest(layer.digest)}
                  what={`digest of layer ${String(index + 1)}`}
                />
              </td>
              <td>{formatBytes(layer.diskBytes)}</td>
              <td>{formatBytes(layer.downloadBytes)}</td>
              <td className="image-shared">
                {layer.sharedWith.length === 0 && (
                  <span className="quiet">no other image: it goes with this one</span>
                )}
                {layer.sharedWith.map((reference) => (
                  <a key={reference} className="mono" href={links.image(reference)}>
                    {reference}
                  </a>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
