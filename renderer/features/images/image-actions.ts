import type { Operation } from '../../../main/contract/operation.ts';
import type { Credential } from '../../../main/contract/registry.ts';
import type { Removal } from '../../../main/contract/image-upkeep.ts';
import { toErrorData } from '../../bridge/bridge-error.ts';
import type { SkerryClient } from '../../bridge/connection.ts';
import { formatBytes, formatList } from '../../ui/format.ts';
import { translate } from '../../words/language.ts';
import { imageStore, type ImageStore, type PushRequest } from './image-store.ts';

let usageQuestions = 0;

/** Asks where the bytes are; what was known stays until the answer is there. */
export async function loadUsage(
  client: SkerryClient,
  store: ImageStore = imageStore,
): Promise<void> {
  usageQuestions += 1;
  const own = usageQuestions;
  try {
    const usage = await client.images.usage();
    if (own === usageQuestions) store.setState({ usage, usageError: undefined });
  } catch (error) {
    if (own === usageQuestions) store.setState({ usageError: toErrorData(error) });
  }
}

/**
 * Takes a name away at once where the image has another one, which undoes it; asks first where the
 * image itself would go.
 */
export async function removeOrAsk(
  client: SkerryClient,
  reference: string,
  store: ImageStore = imageStore,
): Promise<void> {
  const { images } = store.getState();
  const digest = images.find((image) => image.reference === reference)?.digest;
  const other = images.find((image) => image.digest === digest && image.reference !== reference);
  if (other === undefined) {
    store.setState({ asked: { kind: 'remove', reference } });
    return;
  }
  await attempt(store, async () => {
    await client.images.remove({ reference });
    store.setState({
      notice: {
        text: translate('images:done.nameRemoved', { reference, other: other.reference }),
        undo: { reference: other.reference, as: reference },
      },
    });
  });
}

/** Gives a name back that {@link removeOrAsk} took away. */
export async function undoRemoval(
  client: SkerryClient,
  undo: { readonly reference: string; readonly as: string },
  store: ImageStore = imageStore,
): Promise<void> {
  await attempt(store, async () => {
    await client.images.tag(undo);
    store.setState({ notice: undefined });
  });
}

/** Begins a check of the store; undefined where it could not begin, and the error is kept. */
export async function checkStore(
  client: SkerryClient,
  mend: boolean,
  store: ImageStore = imageStore,
): Promise<Operation | undefined> {
  return attempt(store, () => client.images.check({ mend }));
}

/** Pulls, as somebody or as is kept; undefined where it could not begin, and the error is kept. */
export async function pullImage(
  client: SkerryClient,
  reference: string,
  credential?: Credential,
  store: ImageStore = imageStore,
): Promise<Operation | undefined> {
  store.setState({ pullError: undefined });
  try {
    return await client.images.pull({ reference, ...(credential && { credential }) });
  } catch (error) {
    store.setState({ pullError: toErrorData(error) });
    return undefined;
  }
}

/** Pushes, and keeps what was asked for another try. Rejects where it could not begin. */
export async function pushImage(
  client: SkerryClient,
  request: PushRequest,
  store: ImageStore = imageStore,
): Promise<Operation> {
  const operation = await client.images.push(request);
  store.setState(({ pushes }) => ({ pushes: { ...pushes, [operation.id]: request } }));
  return operation;
}

/** A removal in words, after it was done. */
export function describeRemoval({ references, layers, freedBytes }: Removal): string {
  if (references.length === 0 && layers.length === 0 && freedBytes === 0) {
    return translate('images:done.nothing');
  }
  const what = [
    ...(references.length === 1
      ? references
      : references.length > 1
        ? [translate('images:done.images', { count: references.length })]
        : []),
    ...(layers.length > 0 ? [translate('images:done.layers', { count: layers.length })] : []),
  ];
  const size = formatBytes(freedBytes);
  return what.length === 0
    ? translate('images:done.freed', { size })
    : translate('images:done.removed', { what: formatList(what), size });
}

async function attempt<T>(store: ImageStore, work: () => Promise<T>): Promise<T | undefined> {
  store.setState({ actionError: undefined });
  try {
    return await work();
  } catch (error) {
    store.setState({ actionError: toErrorData(error) });
    return undefined;
  }
}
