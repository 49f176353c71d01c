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
import { CallError } from './call-error.tsx';

/** Asks what is built, by which program of this machine; its output is among the tasks. */
export function BuildDialog(props: {
  readonly onStarted: (operation: Operation) => void;
  readonly onClose: () => void;
}) {
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
      title="Build an image"
      submitLabel="Build"
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
        label="Context"
        value={draft.context}
        wants="directory"
        placeholder="~/project"
        onChange={(context) => {
          change({ context });
        }}
        error={problemOfPath(draft.context)}
        help="The directory that the build can read from."
      />
      <div className="dialog-row">
        <TextField
          label="Tag"
          value={draft.tag}
          mono
          placeholder="site:dev"
          onChange={(tag) => {
            change({ tag: tag.trim() });
          }}
          error={problemOfReference(draft.tag)}
          help="The name of the image in the store."
        />
        <TextField
          label="File"
          value={draft.file}
          mono
          placeholder="Dockerfile or Containerfile"
          onChange={(file) => {
            change({ file });
          }}
          help="Within the context."
        />
      </div>
      <TextField
        label="Build arguments"
        value={draft.buildArgs}
        mono
        multiline
        rows={2}
        placeholder="VERSION=1.2"
        onChange={(buildArgs) => {
          change({ buildArgs });
        }}
        error={problemOfArgs(draft.buildArgs)}
        help="One NAME=value on each line. Others on this machine can see them, and the history keeps them: no passwords."
      />
      <div className="dialog-row">
        <TextField
          label="Target"
          value={draft.target}
          mono
          placeholder="the last stage"
          onChange={(target) => {
            change({ target: target.trim() });
          }}
        />
        <SelectField<ImageProgram | 'first'>
          label="Program"
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
        label="Build every step anew"
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
  return first === undefined ? 'The first that is there' : `The first: ${first.program}`;
}

function NoBuilder({ programs }: { readonly programs: readonly FoundProgram[] }) {
  const problems = programs.flatMap(({ program, problem }) =>
    problem === undefined ? [] : [`${program}: ${problem}`],
  );
  return (
    <Warning>
      No program here builds images. Install buildah, podman or docker. {problems.join(' ')}
    </Warning>
  );
}
