import { Box, FileOutput, Search, Tag, Trash2, Upload } from 'lucide-react';
import type { SkerryClient } from '../../bridge/connection.ts';
import type { MenuEntry } from '../../ui/menu.tsx';
import { translate } from '../../words/language.ts';
import { removeOrAsk } from './image-actions.ts';
import { askImage } from './image-store.ts';

/** What can be done with an image, for its menu. */
export function imageEntries(
  client: SkerryClient,
  reference: string,
  go: { readonly create: () => void; readonly inspect?: () => void },
): readonly MenuEntry[] {
  return [
    { label: translate('images:actions.newSandbox'), icon: Box, onSelect: go.create },
    ...(go.inspect === undefined
      ? []
      : [{ label: translate('images:actions.inspect'), icon: Search, onSelect: go.inspect }]),
    {
      label: translate('images:actions.tag'),
      icon: Tag,
      onSelect: () => {
        askImage({ kind: 'tag', reference });
      },
    },
    {
      label: translate('images:actions.push'),
      icon: Upload,
      onSelect: () => {
        askImage({ kind: 'push', reference });
      },
    },
    {
      label: translate('images:actions.export'),
      icon: FileOutput,
      onSelect: () => {
        askImage({ kind: 'export', reference });
      },
    },
    {
      label: translate('images:actions.remove'),
      icon: Trash2,
      isDangerous: true,
      onSelect: () => {
        void removeOrAsk(client, reference);
      },
    },
  ];
}
