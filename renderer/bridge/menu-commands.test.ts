import { expect, it } from 'vitest';
import { onMenuCommand, receiveMenuCommands } from './menu-commands.ts';

const page = new EventTarget() as Window;
const post = (command: unknown, source: EventTarget = page) =>
  page.dispatchEvent(
    Object.assign(new Event('message'), { source, data: { type: 'skerry:command', command } }),
  );

it('hears what came before it listened, and nothing that the desktop does not say', () => {
  receiveMenuCommands(page);
  post('open-terminal web-api');
  const heard: string[] = [];
  const end = onMenuCommand((command) => heard.push(command));
  post('show-host');
  for (const wrong of ['open-terminal', 'open-sandbox ../a', 'rm -rf', 7, undefined]) post(wrong);
  post('show-host', new EventTarget());
  end();
  expect(heard).toEqual(['open-terminal web-api', 'show-host']);
});
