import type { z } from 'zod';
import type { imageInputs } from '../../../contract/image-inputs.ts';
import type { Operation } from '../../../contract/operation.ts';
import type { ImageLibrary } from '../../image/image-library.ts';
import { chooseProgram } from '../../image/program/find-programs.ts';
import { importFile } from './import-image.ts';
import { importStages } from './import-stages.ts';
import type { OperationTracker } from '../operation-tracker.ts';
import { saveStage, saveWithProgress } from './save-stage.ts';

/**
 * Imports an image that another program keeps, as an operation.
 * @throws AppError `image/program-missing`
 */
export async function importFromProgram(
  { program, reference }: z.input<typeof imageInputs.importFrom>,
  library: ImageLibrary,
  operations: OperationTracker,
): Promise<Operation> {
  const chosen = await chooseProgram(program);
  const stages = [saveStage(chosen), ...importStages];
  return operations.start('import', reference, stages, async (progress) => {
    await using directory = await library.transfer.makeTemporaryDirectory();
    const saved = await saveWithProgress(chosen, reference, directory.path, progress);
    const as = saved.isNamed ? undefined : reference;
    await importFile(saved.file, as, library, progress);
  });
}
