import { Box } from 'lucide-react';
import { describe, expect, it } from 'vitest';
import type { Command, CommandGroup } from './command.ts';
import { paletteEntries } from './palette-entries.ts';
import { createRecentCommands, rememberCommand } from './recent-commands.ts';

const aCommand = (id: string, label: string, group: CommandGroup = 'sandboxes'): Command => ({
  ...{ id, label, group, icon: Box },
  run: () => undefined,
});

const commands = [
  aCommand('palette', 'Commands', 'general'),
  aCommand('diagnostics', 'Diagnostics', 'general'),
  aCommand('page.images', 'Go to Images', 'pages'),
  aCommand('sandbox.open web', 'Go to web'),
  aCommand('sandbox.stop web', 'Stop web'),
  aCommand('sandbox.stop scratch', 'Stop scratch'),
];
const labels = (query: string, recent: string[] = []) =>
  paletteEntries(commands, query, recent).map(({ value, items }) => [
    value,
    items.map(({ command }) => command.label),
  ]);

describe('paletteEntries', () => {
  it('lists by groups, of sandboxes only where they are', () => {
    expect(labels('')).toEqual([
      ['sandboxes', ['Go to web']],
      ['pages', ['Go to Images']],
      ['general', ['Diagnostics']],
    ]);
  });

  it('lists first, and once, what was done lately and can be done still', () => {
    expect(labels('', ['sandbox.stop web', 'sandbox.stop gone', 'page.images'])).toEqual([
      ['recent', ['Stop web', 'Go to Images']],
      ['sandboxes', ['Go to web']],
      ['general', ['Diagnostics']],
    ]);
  });

  it('finds everything, what fits best first', () => {
    expect(labels('sto web')).toEqual([['found', ['Stop web']]]);
    expect(labels('stop', ['sandbox.stop scratch'])).toEqual([
      ['found', ['Stop scratch', 'Stop web']],
    ]);
    expect(labels('nothing like it')).toEqual([]);
  });

  it('lists so many that they are drawn at once', () => {
    const many = Array.from({ length: 3_000 }, (_, index) =>
      aCommand(`sandbox.open ${String(index)}`, `Go to box-${String(index)}`),
    );
    expect(paletteEntries(many, '', [])[0]?.items).toHaveLength(10);
    expect(paletteEntries(many, 'box', [])[0]?.items).toHaveLength(50);
  });
});

it('remembers the latest eight commands, each once', () => {
  const kept = new Map<string, string>();
  const storage = () =>
    ({
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
      removeItem: (key: string) => kept.delete(key),
    }) as unknown as Storage;
  const store = createRecentCommands(storage);
  for (const id of Array.from('abcdefghijc')) rememberCommand(id, store);
  expect(createRecentCommands(storage).getState().ids).toEqual(Array.from('cjihgfed'));
});
