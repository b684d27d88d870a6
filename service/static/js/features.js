// What the editor is made of beside its core. A feature may have `acts` ({name: (button, digit) => …}), and is told
// `opened(segment)`, `closed(segment)`, `changed(segment)`, `counted()`, `panelled(panel, segment)` (the panel has been
// drawn) and `found(segment, answer)` (the server's answer to a draft).
import { Filters } from "./filters.js";
import { Findings } from "./findings.js";
import { GoTo } from "./goto.js";
import { Matches } from "./matches.js";
import { Reasons } from "./reasons.js";

export const FEATURES = { filters: Filters, findings: Findings, goTo: GoTo, matches: Matches, reasons: Reasons };
