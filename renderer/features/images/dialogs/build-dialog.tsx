import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { FoundProgram, ImageProgram } from '../../../../main/contract/image-transfer.ts';
import type { Operation } from '../../../../main/contract/operation.ts';
import { useBridge } from '../../../bridge/bridge-context.tsx';
import { PathField } from '../../../bridge/path-field.tsx';
import { useCall } from '../../../bridge/use-call.ts';
import { CheckField } from '../../../ui/check-field.tsx';
import { TextField } from '../../../ui/field.tsx';
import { FormDialog } from '../../../ui/form-dialog.tsx';
import { SelectField } from '../../../ui/select-field.tsx';
import { Warning } from '../../../ui/warning.tsx';
import {
  parseBuildArgs,
  problemOfPath,
  problemOfReference,
  requestOfBuild,
  type BuildDraft,
} from '../build-draft.ts';
import { imageStore } from '../image-store.ts';
import { usePrograms } from '../use-programs.ts';
import { translate } from '../../../words/language.ts';
import { CallError } from './call-error.tsx';

/** Asks what is built, by which program of this machine; its output is among the tasks. */
export function BuildDialog(props: {
  readonly onStarted: (operation: Operation) => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation('images');
  const { onStarted, onClose } = props;
  const { connection } = useBridge();
  const draft = useStore(imageStore, (state) => state.buildDraft);
  const { programs, error: programError } = usePrograms();
  const call = useCall();
  const builders = programs?.filter(({ canBuild }) => canBuild);
  const request = requestOfBuild(draft);
  const change = (part: Partial<BuildDraft>) => {
    imageStore.setState(({ buildDraft }) => ({ buildDraft: { ...buildDraft, ...part } }));
  };
  return (
    <FormDialog
      title={t('dialogs.build.title')}
      submitLabel={t('dialogs.build.submit')}
      isWide
      isDisabled={request === undefined || builders?.length === 0}
      isBusy={call.isBusy}
      onClose={onClose}
      onSubmit={() => {
        if (request === undefined) return;
        void call
          .run(async () => {
            onStarted(await connection.client.images.build(request));
          })
          .then((isDone) => {
            if (isDone) onClose();
          });
      }}
    >
      {builders?.length === 0 && <NoBuilder programs={programs ?? []} />}
      {programError !== undefined && <Warning>{programError.message}</Warning>}
      <PathField
        label={t('dialogs.build.context')}
        value={draft.context}
        wants="directory"
        placeholder="~/project"
        onChange={(context) => {
          change({ context });
        }}
        error={problemOfPath(draft.context)}
        help={t('dialogs.build.contextHelp')}
      />
      <div className="dialog-row">
        <TextField
          label={t('dialogs.build.tag')}
          value={draft.tag}
          mono
          placeholder="site:dev"
          onChange={(tag) => {
            change({ tag: tag.trim() });
          }}
          error={problemOfReference(draft.tag)}
          help={t('dialogs.build.tagHelp')}
        />
        <TextField
          label={t('dialogs.build.file')}
          value={draft.file}
          mono
          placeholder={t('dialogs.build.filePlaceholder')}
          onChange={(file) => {
            change({ file });
          }}
          help={t('dialogs.build.fileHelp')}
        />
      </div>
      <TextField
        label={t('dialogs.build.arguments')}
        value={draft.buildArgs}
        mono
        multiline
        rows={2}
        placeholder="VERSION=1.2"
        onChange={(buildArgs) => {
          change({ buildArgs });
        }}
        error={problemOfArgs(draft.buildArgs)}
        help={t('dialogs.build.argumentsHelp')}
      />
      <div className="dialog-row">
        <TextField
          label={t('dialogs.build.target')}
          value={draft.target}
          mono
          placeholder={t('dialogs.build.targetPlaceholder')}
          onChange={(target) => {
            change({ target: target.trim() });
          }}
        />
        <SelectField<ImageProgram | 'first'>
          label={t('dialogs.build.program')}
          value={draft.program}
          options={[
            { value: 'first', label: labelOfFirst(builders) },
            ...(builders ?? []).map(({ program, version }) => ({
              value: program,
              label: `${program} ${version}`,
            })),
          ]}
          onChange={(program) => {
            change({ program });
          }}
        />
      </div>
      <CheckField
        label={t('dialogs.build.noCache')}
        isChecked={draft.noCache}
        onChange={(noCache) => {
          change({ noCache });
        }}
      />
      <CallError call={call} />
    </FormDialog>
  );
}

function problemOfArgs(text: string): string | undefined {
  const args = parseBuildArgs(text);
  return 'problem' in args ? args.problem : undefined;
}

function labelOfFirst(builders: readonly FoundProgram[] | undefined): string {
  const [first] = builders ?? [];
  return first === undefined
    ? translate('images:dialogs.build.firstProgram')
    : translate('images:dialogs.build.firstProgramIs', { program: first.program });
}

function NoBuilder({ programs }: { readonly programs: readonly FoundProgram[] }) {
  const { t } = useTranslation('images');
  const problems = programs.flatMap(({ program, problem }) =>
    problem === undefined ? [] : [`${program}: ${problem}`],
  );
  return (
    <Warning>
      {t('dialogs.build.noBuilder')} {problems.join(' ')}
    </Warning>
  );
}
