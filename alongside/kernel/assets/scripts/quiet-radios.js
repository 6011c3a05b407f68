// GOV.UK radios say aria-expanded of a radio that reveals a question. ARIA does not allow it there, and
// checkers report it on every page; the revealed question itself follows in reading order.
import { Radios } from "govuk-frontend";

export class QuietRadios extends Radios {
  syncConditionalRevealWithInputState(input) {
    super.syncConditionalRevealWithInputState(input);
    input.removeAttribute("aria-expanded");
  }
}
