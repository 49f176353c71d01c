import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorData } from '../../../main/contract/error.ts';
import { describeError, toErrorData } from '../../bridge/bridge-error.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { useFilesScope } from './files-scope.tsx';
import { nameOf } from './guest-path.ts';
import { readBytes } from './transfers.ts';
import './document-view.css';

/** Pictures up to this size are shown, in bytes. */
export const maxPictureBytes = 8 * 1024 * 1024;

/**
 * A picture of the guest's. It is an image and nothing else to the browser: no script in an SVG
 * runs, and the page's policy lets it load nothing.
 */
export function PictureView(props: { readonly path: string; readonly type: string }) {
  const { path, type } = props;
  const { t } = useTranslation('files');
  const scope = useFilesScope();
  const [address, setAddress] = useState<string>();
  const [error, setError] = useState<ErrorData>();
  const [isBroken, setIsBroken] = useState(false);
  useEffect(() => {
    let isGone = false;
    readBytes(scope, path, maxPictureBytes)
      .then((blob) => dataUrlOf(blob.slice(0, blob.size, type)))
      .then(
        (url) => {
          if (!isGone) setAddress(url);
        },
        (thrown: unknown) => {
          if (!isGone) setError(toErrorData(thrown));
        },
      );
    return () => {
      isGone = true;
    };
  }, [scope, path, type]);
  if (error !== undefined) return <ErrorNotice {...describeError(error)} />;
  if (address === undefined) return <p className="quiet files-note">{t('loading', { path })}</p>;
  if (isBroken) return <p className="files-note">{t('pictureBroken')}</p>;
  return (
    <img
      className="picture"
      src={address}
      alt={t('picture', { name: nameOf(path) })}
      onError={() => {
        setIsBroken(true);
      }}
    />
  );
}

function dataUrlOf(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => {
      resolve(typeof reader.result === 'string' ? reader.result : '');
    });
    reader.addEventListener('error', () => {
      reject(reader.error ?? new Error('The picture could not be read.'));
    });
    reader.readAsDataURL(blob);
  });
}
