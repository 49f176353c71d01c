import { expect, it } from 'vitest';
import { connect } from '../../bridge/connection.ts';
import { createFakeTransport } from '../../bridge/fake/fake-transport.ts';
import { aTemplate } from '../../testing/builders.ts';
import { clearTemplates, createTemplateStore, loadTemplates } from './template-store.ts';

it('lists templates, the one used last first, and has them forgotten', async () => {
  const templates = [aTemplate({ key: 'a', usedAtMs: 1 }), aTemplate({ key: 'b', usedAtMs: 2 })];
  const transport = createFakeTransport({ templates, stepMs: 0 });
  const connection = connect({ transport, onEvent: () => undefined });
  await new Promise<void>((resolve) => {
    const end = connection.state.subscribe(({ status }) => {
      if (status !== 'connected') return;
      end();
      resolve();
    });
  });
  const store = createTemplateStore();
  await loadTemplates(connection.client, store);
  expect(store.getState().templates?.map(({ key }) => key)).toEqual(['b', 'a']);
  await clearTemplates(connection.client, store);
  expect(store.getState()).toEqual({ templates: [], error: undefined, isClearing: false });
  connection.close();
});
