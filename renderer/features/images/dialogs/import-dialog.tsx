import { useState } from 'react';
import type { ImageProgram } from '../../../../main/contract/image-transfer.ts';
import type { Operation } from '../../../../main/contract/operation.ts';
import { useBridge } from '../../../bridge/bridge-context.tsx';
import { PathField } from '../../../bridge/path-field.tsx';
import { useCall } from '../../../bridge/use-call.ts';
import { ChoiceCards } from '../../../ui/choice-cards.tsx';
import { TextField } from '../../../ui/field.tsx';
import { FormDialog } from '../../../ui/form-dialog.tsx';
import { formatBytes } from '../../../ui/format.ts';
import { SuggestField } from '../../../ui/suggest-field.tsx';
import { problemOfPath, problemOfReference } from '../build-draft.ts';
import { useLocalImages, usePrograms } from '../use-programs.ts';
import { CallError } from './call-error.tsx';

type Source = 'file' | ImageProgram;

const names = { docker: 'Docker', podman: 'Podman', buildah: 'Buildah' } as const;

/** Asks which file, or which image of another program, comes into the store. */
export function ImportDialog(props: {
  /** Of a file that is typed already. */
  readonly path: string | undefined;
  readonly onStarted: (operation: Operation) => void;
  readonly onClose: () => void;
}) {
  const { onStarted, onClose } = props;
  const { connection } = useBridge();
  const { programs = [] } = usePrograms();
  const local = useLocalImages();
  const [source, setSource] = useState<Source>('file');
  const [path, setPath] = useState(props.path ?? '');
  const [as, setAs] = useState('');
  const [reference, setReference] = useState('');
  const call = useCall();
  const isComplete =
    source === 'file'
      ? path !== '' && problemOfPath(path) === undefined && problemOfReference(as) === undefined
      : reference !== '';
  const begin = () => {
    const { images } = connection.client;
    return source === 'file'
      ? images.import({ path, ...(as === '' ? {} : { as }) })
      : images.importFrom({ program: source, reference });
  };
  const kept = local?.filter(({ program }) => program === source);
  const keepers = programs.filter(({ hasImages }) => hasImages);
  const unusable = programs.flatMap(({ program, problem }) =>
    problem === undefined ? [] : [`${names[program]}: ${problem}`],
  );
  return (
    <FormDialog
      title="Import an image"
      submitLabel="Import"
      isWide
      isDisabled={!isComplete}
      isBusy={call.isBusy}
      onClose={onClose}
      onSubmit={() => {
        void call
          .run(async () => {
            onStarted(await begin());
          })
          .then((isDone) => {
            if (isDone) onClose();
          });
      }}
    >
      <ChoiceCards<Source>
        label="From"
        value={source}
        onChange={(chosen) => {
          setSource(chosen);
          setReference('');
        }}
        choices={[
          { value: 'file', label: 'A file', remark: 'An archive, or an OCI layout.' },
          ...keepers.map(({ program, version }) => ({
            value: program,
            label: names[program],
            remark: `${version}, its images`,
          })),
        ]}
      />
      {unusable.length > 0 && <p className="field-help">{unusable.join(' ')}</p>}
      {source === 'file' ? (
        <>
          <PathField
            label="Archive or directory"
            value={path}
            wants="any"
            placeholder="~/app.tar"
            onChange={setPath}
            error={problemOfPath(path)}
            help="What docker save or podman save writes, compressed or not, or the directory of an OCI layout."
          />
          <TextField
            label="Name"
            value={as}
            mono
            placeholder="as the archive says"
            onChange={(typed) => {
              setAs(typed.trim());
            }}
            error={problemOfReference(as)}
            help="For an image that has none of its own."
          />
        </>
      ) : (
        <SuggestField
          label="Image"
          value={reference}
          onChange={(typed) => {
            setReference(typed.trim());
          }}
          suggestions={(kept ?? []).map((image) => ({
            value: image.reference,
            ...(image.sizeBytes === undefined ? {} : { remark: formatBytes(image.sizeBytes) }),
          }))}
          showAllLabel={`Show the images of ${names[source]}`}
          help={
            kept === undefined
              ? 'Its images are being listed.'
              : kept.length === 0
                ? `${names[source]} lists no images. A name can be typed all the same.`
                : 'It stays where it is, too.'
          }
        />
      )}
      <CallError call={call} />
    </FormDialog>
  );
}
