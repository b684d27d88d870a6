// What the editor is made of beside its core. A feature may have `acts` ({name: (button, digit) => …}), and is told
// `opened(segment)`, `closed(segment)`, `changed(segment)`, `counted()`, `panelled(panel, segment)` (the panel has been
// drawn), `recut()` (segments were split or merged), `saved(segment, answer)` (an act was done) and `found(segment, answer)` (the server's answer to a draft).
import { Approving } from "./approving.js";
import { Beside } from "./beside.js";
import { Bulk } from "./bulk.js";
import { Codes } from "./codes.js";
import { Comments } from "./comments.js";
import { Cutting } from "./cutting.js";
import { Filters } from "./filters.js";
import { Findings } from "./findings.js";
import { GoTo } from "./goto.js";
import { Matches } from "./matches.js";
import { Outline } from "./outline.js";
import { Presence } from "./presence.js";
import { Reasons } from "./reasons.js";
import { Replacing } from "./replacing.js";
import { Recut } from "./recut.js";
import { Refusals } from "./refusals.js";
import { Repetitions } from "./repetitions.js";
import { Side } from "./side.js";
import { Terms } from "./terms.js";
import { Texts } from "./texts.js";

export const FEATURES = {
  filters: Filters, outline: Outline, goTo: GoTo, side: Side, matches: Matches, beside: Beside, findings: Findings,
  presence: Presence, comments: Comments, reasons: Reasons, repetitions: Repetitions, replacing: Replacing, bulk: Bulk, terms: Terms,
  texts: Texts, codes: Codes, cutting: Cutting, recut: Recut, approving: Approving, refusals: Refusals,
};
