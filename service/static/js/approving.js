// Approving a segment. What was found in it is known before one is taken to the next: who approves by one key after the
// other would not see that the server has refused one of them.
import { FILTERS } from "./filters.js";
import { t } from "./speech.js";

export class Approving {
  constructor(editor) {
    this.editor = editor;
    this.asking = new Set(); // segments that wait for their findings
  }

  get acts() { return { approve: () => this.approve() }; }

  // Why this person cannot approve a segment as it stands, or "".
  why(segment) {
    if (segment.dirty) return t("You have changed the text: confirm it, and somebody else approves it.");
    if (segment.own) return t("Your own text: somebody else must approve it.");
    if (!["translated", "pretranslated"].includes(segment.state)) return t("There is nothing confirmed to approve yet.");
    return "";
  }

  approve() {
    const { editor } = this;
    const segment = editor.active;
    if (!editor.rights.has("segment.approve") || !segment.editable || this.asking.has(segment)) return undefined;
    const why = this.why(segment);
    if (why) return editor.say("refused", why);
    return editor.findings.known(segment) ? this.decide(segment) : this.ask(segment);
  }

  // Where no answer comes, the server decides: it looks at the text itself.
  async ask(segment) {
    this.asking.add(segment);
    this.editor.say("told", t("Looking through the text …"));
    await this.editor.findings.lookUp([segment.id]).catch(() => {});
    this.asking.delete(segment);
    if (!segment.editable) return; // somebody else was first
    const why = this.why(segment);
    if (why) this.editor.refusals.tell(segment, why);
    else this.decide(segment);
  }

  decide(segment) {
    const { editor } = this;
    const against = editor.findings.against(segment);
    if (against) return editor.refusals.tell(segment, against);
    editor.saving.act(segment, "approve", { acknowledged: Boolean(segment.found?.[1]) });
    if (segment !== editor.active) return undefined;
    const after = editor.following(segment);
    return editor.move(after.find(FILTERS.review) ?? after[0]);
  }
}
