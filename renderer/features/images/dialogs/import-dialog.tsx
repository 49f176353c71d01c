import { useState } from 'react';
import { useTranslation } from 'react-i18next';
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
  const { t } = useTranslation('images');
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
      title={t('dialogs.import.title')}
      submitLabel={t('dialogs.import.submit')}
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
        label={t('dialogs.import.from')}
        value={source}
        onChange={(chosen) => {
          setSource(chosen);
          setReference('');
        }}
        choices={[
          {
            value: 'file',
            label: t('dialogs.import.file'),
            remark: t('dialogs.import.fileRemark'),
          },
          ...keepers.map(({ program, version }) => ({
            value: program,
            label: names[program],
            remark: t('dialogs.import.programRemark', { version }),
          })),
        ]}
      />
      {unusable.length > 0 && <p className="field-help">{unusable.join(' ')}</p>}
      {source === 'file' ? (
        <>
          <PathField
            label={t('dialogs.import.path')}
            value={path}
            wants="any"
            placeholder="~/app.tar"
            onChange={setPath}
            error={problemOfPath(path)}
            help={t('dialogs.import.pathHelp')}
          />
          <TextField
            label={t('dialogs.import.name')}
            value={as}
            mono
            placeholder={t('dialogs.import.namePlaceholder')}
            onChange={(typed) => {
              setAs(typed.trim());
            }}
            error={problemOfReference(as)}
            help={t('dialogs.import.nameHelp')}
          />
        </>
      ) : (
        <SuggestField
          label={t('dialogs.import.image')}
          value={reference}
          onChange={(typed) => {
            setReference(typed.trim());
          }}
          suggestions={(kept ?? []).map((image) => ({
            value: image.reference,
            ...(image.sizeBytes === undefined ? {} : { remark: formatBytes(image.sizeBytes) }),
          }))}
          showAllLabel={t('dialogs.import.showAll', { program: names[source] })}
          help={
            kept === undefined
              ? t('dialogs.import.listing')
              : kept.length === 0
                ? t('dialogs.import.noImages', { program: names[source] })
                : t('dialogs.import.stays')
          }
        />
      )}
      <CallError call={call} />
    </FormDialog>
  );
}
