import { expect, it } from 'vitest';
import { formatArguments, plainStep } from './image-words.ts';

it('quotes what a shell would take apart', () => {
  expect(formatArguments(['/bin/sh', '-c', "echo 'a b'", ''])).toBe(
    String.raw`/bin/sh -c 'echo '\''a b'\''' ''`,
  );
  expect(formatArguments([])).toBe('');
});

it.each([
  ['/bin/sh -c #(nop)  CMD ["sh"]', 'CMD ["sh"]'],
  ['/bin/sh -c apt-get update', 'RUN apt-get update'],
  ['RUN /bin/sh -c make # buildkit', 'RUN make'],
  ['COPY / / ', 'COPY / /'],
  ['RUN make \t # buildkit', 'RUN make'],
])('shows the step %j as %j', (createdBy, shown) => {
  expect(plainStep(createdBy)).toBe(shown);
});

it('is done with a step of spaces alone', () => {
  // In time that grows with its square, this would take hours.
  const step = `x${' '.repeat(1_000_000)}x`;
  expect(plainStep(step)).toBe(step);
});
