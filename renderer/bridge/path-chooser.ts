/** The desktop's dialog for a path of the host. A page in a browser has none: paths are typed. */

/** What the dialog offers. */
export type PathKind = 'directory' | 'file' | 'any';

/** Asks the user for a path of the host; undefined when none was chosen. Never rejects. */
export type ChoosePath = (kind: PathKind) => Promise<string | undefined>;

/** Asks the preload script to show the dialog; see `PreloadApi` in electron.ts. */
interface PathRequests {
  choosePath(requestId: string, kind: PathKind): void;
}

/** The chooser of the desktop window. A user may take any time over it, so it has no time limit. */
export function createPathChooser(preload: PathRequests, page: Window = window): ChoosePath {
  return (kind) => {
    const requestId = crypto.randomUUID();
    const listening = new AbortController();
    return new Promise<string | undefined>((resolve) => {
      page.addEventListener(
        'message',
        (event: MessageEvent<unknown>) => {
          if (event.source !== page || !isAnswer(event.data, requestId)) return;
          resolve(event.data.path);
        },
        { signal: listening.signal },
      );
      preload.choosePath(requestId, kind);
    }).finally(() => {
      listening.abort();
    });
  };
}

function isAnswer(data: unknown, requestId: string): data is { path?: string } {
  return (
    typeof data === 'object' &&
    data !== null &&
    'type' in data &&
    data.type === 'skerry:chosen-path' &&
    'requestId' in data &&
    data.requestId === requestId &&
    (!('path' in data) || data.path === undefined || typeof data.path === 'string')
  );
}
