/** A reporter of Vitest that writes counts, and why tests failed or were skipped. */
import { noCounts, writeCounts } from './counts.mjs';

/** What an error says, with what caused it: of a worker that ended, how it did is in there alone. */
function reasonOf({ message, cause }) {
  const because = cause?.message;
  return because === undefined ? message : `${message} Cause: ${because}`;
}

export default class CountsReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const counts = noCounts();
    const fail = (name, errors) => {
      for (const error of errors) counts.failed.push({ name, reason: reasonOf(error) });
    };
    fail('outside any test', unhandledErrors);
    for (const module of modules) {
      const nameOf = (part) => `${module.relativeModuleId}: ${part.fullName}`;
      // A file that cannot be loaded, or a hook that fails, has no failed test of its own.
      fail(module.relativeModuleId, module.errors());
      for (const suite of module.children.allSuites()) fail(nameOf(suite), suite.errors());
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') counts.passed += 1;
        else if (result.state === 'failed') fail(nameOf(test), result.errors.slice(0, 1));
        else {
          counts.skipped.push({ name: nameOf(test), reason: result.note ?? 'no reason was given' });
        }
      }
    }
    writeCounts(counts);
  }
}
