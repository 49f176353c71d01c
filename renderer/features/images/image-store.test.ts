import { expect, it } from 'vitest';
import { anImage, anOperation } from '../../testing/builders.ts';
import { applyImageEvent, createImageStore } from './image-store.ts';

it('takes images over in the order of the alphabet, and nothing else', () => {
  const store = createImageStore();
  const images = [anImage({ reference: 'b' }), anImage({ reference: 'a' })];
  applyImageEvent(store, { type: 'images', images });
  applyImageEvent(store, { type: 'operation', operation: anOperation() });
  expect(store.getState().images.map(({ reference }) => reference)).toEqual(['a', 'b']);
});
