/** The payload of FILES (PROTOCOL.md, "FILES"). Pure. */
import type { FilesRequest } from './agent.ts';
import { FieldsWriter, tag } from './fields.ts';

const actions: Readonly<Record<FilesRequest['action'], number>> = {
  ...{ list: 1, stat: 2, read: 3, write: 4, rename: 5, remove: 6 },
  ...{ 'make-directory': 7, 'set-mode': 8, 'set-owner': 9, changes: 10, tar: 11, untar: 12 },
  measure: 13,
};

/** Writes it down; what is not said is left out. */
export function filesPayload(request: FilesRequest): Uint8Array {
  const fields = new FieldsWriter().u32(tag.fileAction, actions[request.action]);
  for (const path of request.paths) fields.text(tag.path, path);
  const text = (number: number, value: string | undefined): void => {
    if (value !== undefined) fields.text(number, value);
  };
  const flag = (number: number, value: boolean | undefined): void => {
    if (value === true) fields.u32(number, 1);
  };
  text(tag.target, request.target);
  text(tag.owner, request.owner);
  text(tag.user, request.user);
  text(tag.fileVersion, request.version);
  if (request.sizeBytes !== undefined) fields.u64(tag.fileSize, request.sizeBytes);
  if (request.mode !== undefined) fields.u32(tag.mode, request.mode);
  flag(tag.recursive, request.recursive);
  flag(tag.replace, request.replace);
  flag(tag.keepOwners, request.keepOwners);
  flag(tag.contents, request.contents);
  flag(tag.follow, request.follow);
  return fields.finish();
}
