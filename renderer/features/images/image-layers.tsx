import type { ImageDetails } from '../../../main/contract/image.ts';
import { Copyable } from '../../ui/copy.tsx';
import { formatBytes, shortDigest } from '../../ui/format.ts';
import { ImageNames } from './image-names.tsx';
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
            <th scope="col">Unpacked</th>
            <th scope="col">Compressed</th>
            <th scope="col">Shared with</th>
          </tr>
        </thead>
        <tbody>
          {details.layers.map((layer, index) => (
            <tr key={layer.diffId}>
              <td className="image-size" title={layer.mediaType}>
                {index + 1} of {details.layers.length}
              </td>
              <td>
                <Copyable
                  value={layer.digest}
                  shown={shortDigest(layer.digest)}
                  what={`digest of layer ${String(index + 1)}`}
                />
              </td>
              <td className="image-size">{formatBytes(layer.diskBytes)}</td>
              <td className="image-size">{formatBytes(layer.downloadBytes)}</td>
              <td>
                {layer.sharedWith.length === 0 && (
                  <span className="quiet">no other image: it goes with this one</span>
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
