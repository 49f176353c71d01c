/** The check of the fake engine's store: it finds what the test has put there. */
import type { Finding } from '../../contract/image-upkeep.ts';
import type { Outcome } from '../../contract/operation.ts';

/** See the head of this file. */
export class FakeCheck {
  #findings: Finding[] = [];

  /** One with `isMended` can be mended; until then it is reported as not. */
  damage(finding: Finding): void {
    this.#findings.push(finding);
  }

  /** What a check brings. What it mends is gone afterwards. */
  outcome(mend: boolean): Outcome {
    const findings = this.#findings.map((finding) => ({
      ...finding,
      isMended: mend && finding.isMended,
    }));
    if (mend) this.#findings = this.#findings.filter(({ isMended }) => !isMended);
    return { looked: '1 blob was looked at.', findings };
  }
}
