import {
  File,
  FileSymlink,
  FileText,
  Folder,
  FolderSymlink,
  Image,
  Plug,
  Settings2,
} from 'lucide-react';
import type { FileEntry } from '../../../main/contract/files.ts';
import { pictureType } from './picture-type.ts';
import './file-icon.css';

const texts = /\.(txt|md|json|ya?ml|toml|conf|cfg|ini|log|sh|py|js|ts|c|h|rs|go|html|css|xml)$/i;

const icons = {
  directory: Folder,
  directoryLink: FolderSymlink,
  link: FileSymlink,
  picture: Image,
  text: FileText,
  file: File,
  pipe: Plug,
  device: Settings2,
} as const;

function looksLike({ kind, name, leadsToDirectory }: FileEntry): keyof typeof icons {
  switch (kind) {
    case 'directory':
      return 'directory';
    case 'symlink':
      return leadsToDirectory === true ? 'directoryLink' : 'link';
    case 'file':
      if (pictureType(name) !== undefined) return 'picture';
      return texts.test(name) ? 'text' : 'file';
    case 'fifo':
    case 'socket':
      return 'pipe';
    case 'character-device':
    case 'block-device':
      return 'device';
  }
}

/** What a file is, at a glance; its name and kind say it in words. */
export function FileIcon({ entry }: { readonly entry: FileEntry }) {
  const Icon = icons[looksLike(entry)];
  return (
    <Icon
      className={entry.kind === 'directory' ? 'icon file-icon-directory' : 'icon file-icon'}
      aria-hidden
    />
  );
}
