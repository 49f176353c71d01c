import { Box, FileOutput, Search, Tag, Trash2, Upload } from 'lucide-react';
import type { SkerryClient } from '../../bridge/connection.ts';
import type { MenuEntry } from '../../ui/menu.tsx';
import { removeOrAsk } from './image-actions.ts';
import { askImage } from './image-store.ts';

/** What can be done with an image, for its menu. */
export function imageEntries(
  client: SkerryClient,
  reference: string,
  go: { readonly create: () => void; readonly inspect?: () => void },
): readonly MenuEntry[] {
  return [
    { label: 'New sandbox', icon: Box, onSelect: go.create },
    ...(go.inspect === undefined ? [] : [{ label: 'Inspect', icon: Search, onSelect: go.inspect }]),
    {
      label: 'Tag…',
      icon: Tag,
      onSelect: () => {
        askImage({ kind: 'tag', reference });
      },
    },
    {
      label: 'Push…',
      icon: Upload,
      onSelect: () => {
        askImage({ kind: 'push', reference });
      },
    },
    {
      label: 'Export…',
      icon: FileOutput,
      onSelect: () => {
        askImage({ kind: 'export', reference });
      },
    },
    {
      label: 'Remove…',
      icon: Trash2,
      isDangerous: true,
      onSelect: () => {
        void removeOrAsk(client, reference);
      },
    },
  ];
}
