import { useEffect, useState } from 'react';
import type { ErrorData } from '../../../main/contract/error.ts';
import type { FoundProgram, LocalImage } from '../../../main/contract/image-transfer.ts';
import { toErrorData } from '../../bridge/bridge-error.ts';
import { useBridge } from '../../bridge/bridge-context.tsx';

/** What is known of the programs of this machine; undefined until they have answered. */
interface Programs {
  readonly programs?: readonly FoundProgram[];
  readonly error?: ErrorData;
}

/** Programs that build or keep images, asked when a dialog opens. */
export function usePrograms(): Programs {
  const { connection } = useBridge();
  const [known, setKnown] = useState<Programs>({});
  useEffect(() => {
    let isStale = false;
    connection.client.images.programs().then(
      (programs) => {
        if (!isStale) setKnown({ programs });
      },
      (thrown: unknown) => {
        if (!isStale) setKnown({ error: toErrorData(thrown) });
      },
    );
    return () => {
      isStale = true;
    };
  }, [connection]);
  return known;
}

/** The images that those programs keep. */
export function useLocalImages(): readonly LocalImage[] | undefined {
  const { connection } = useBridge();
  const [known, setKnown] = useState<readonly LocalImage[]>();
  useEffect(() => {
    let isStale = false;
    connection.client.images.localImages().then(
      (images) => {
        if (!isStale) setKnown(images);
      },
      () => {
        // A name can still be typed.
        if (!isStale) setKnown([]);
      },
    );
    return () => {
      isStale = true;
    };
  }, [connection]);
  return known;
}
