import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { Group, Panel, Separator } from 'react-resizable-panels';
import type { LayoutNode } from '../model/layout.ts';
import { resizeSplit, type TerminalTab } from '../model/panel-model.ts';
import type { ScreenLook } from '../screen/screen.ts';
import { arrangePanel } from '../terminal-store.ts';
import { TerminalView } from '../view/terminal-view.tsx';

/** Smallest width and height of a terminal, in CSS pixels: room for its header and some words. */
const minWidthPx = 120;
const minHeightPx = 64;

/** What is passed to every terminal of a tab. */
export interface SplitViewProps {
  readonly tab: TerminalTab;
  readonly look: ScreenLook;
  readonly isVisible: boolean;
}

/** The terminals of a tab, in rows and columns between lines that can be moved. */
export function SplitView(props: SplitViewProps) {
  return <SplitNode {...props} node={props.tab.layout} />;
}

function SplitNode(props: SplitViewProps & { readonly node: LayoutNode }) {
  const { node, ...rest } = props;
  const { t } = useTranslation('terminals');
  if (node.kind === 'leaf') {
    const { tab } = rest;
    return (
      <TerminalView
        terminalId={node.terminalId}
        look={rest.look}
        isVisible={rest.isVisible}
        isFocused={tab.focusedId === node.terminalId}
        isAlone={tab.layout.kind === 'leaf'}
        isBroadcasting={tab.isBroadcasting}
      />
    );
  }
  const parts = node.children.map((child, index) => ({
    child,
    id: idOf(child),
    size: node.sizes[index] ?? 0,
  }));
  const isRow = node.direction === 'row';
  return (
    <Group
      // Its parts have sizes of their own from the beginning; screens outlive it.
      key={parts.map(({ id }) => id).join()}
      className="split"
      orientation={isRow ? 'horizontal' : 'vertical'}
      onLayoutChanged={(layout, { isUserInteraction }) => {
        if (!isUserInteraction) return;
        const sizes = parts.map(({ id }) => layout[id] ?? 0);
        arrangePanel((model) => resizeSplit(model, node.id, sizes));
      }}
    >
      {parts.map(({ child, id, size }, index) => (
        <Fragment key={id}>
          {index > 0 && <Separator className="split-separator" aria-label={t('panel.splitter')} />}
          <Panel
            id={id}
            className="split-panel"
            defaultSize={`${String(size)}%`}
            minSize={isRow ? minWidthPx : minHeightPx}
          >
            <SplitNode {...rest} node={child} />
          </Panel>
        </Fragment>
      ))}
    </Group>
  );
}

function idOf(node: LayoutNode): string {
  return node.kind === 'leaf' ? node.terminalId : node.id;
}
