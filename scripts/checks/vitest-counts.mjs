/** A reporter of Vitest that writes counts, and why tests were skipped. */
import { noCounts, writeCounts } from './counts.mjs';

export default class CountsReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const counts = noCounts();
    counts.failed += unhandledErrors.length;
    for (const module of modules) {
      // A file that cannot be loaded, or a hook that fails, has no failed test of its own.
      counts.failed += module.errors().length;
      for (const suite of module.children.allSuites()) counts.failed += suite.errors().length;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') counts.passed += 1;
        else if (result.state === 'failed') counts.failed += 1;
        else {
          const name = `${module.relativeModuleId}: ${test.fullName}`;
          counts.skipped.push({ name, reason: result.note ?? 'no reason was given' });
        }
      }
    }
    writeCounts(counts);
  }
}
