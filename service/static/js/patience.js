// Requests that must arrive: tried until the server has answered, with a sign-in in between where one has ended.
import { SignedOut, Unreachable } from "./http.js";

const WAITS = [1000, 2000, 4000, 8000, 15000]; // between attempts while the server is away

export class Patience {
  // `report(kind)` is told: waiting, signed-out; `signIn()` resolves once somebody is signed in again; `back()` is told
  // when the server answers again after it did not.
  constructor({ report, signIn, back = () => {} }) {
    Object.assign(this, { report, signIn, back });
    this.sleepers = new Set();
    addEventListener("online", () => this.wake());
  }

  // Nobody waits on once one has been answered.
  wake() {
    for (const sleeper of [...this.sleepers]) sleeper();
  }

  // What has to be sent stays on the page meanwhile, and the page says so. Refusals are thrown.
  async insist(attempt) {
    for (let failures = 0; ; failures += 1) {
      try {
        const answer = await attempt();
        if (failures) { this.wake(); this.back(); }
        return answer;
      } catch (error) {
        if (error instanceof SignedOut) {
          this.report("signed-out");
          if (failures) await this.pause(WAITS[0]);
          await this.signIn();
        } else if (error instanceof Unreachable) {
          this.report("waiting");
          await this.pause(WAITS[Math.min(failures, WAITS.length - 1)]);
        } else {
          throw error;
        }
      }
    }
  }

  pause(milliseconds) {
    return new Promise((resolve) => {
      const wake = () => { clearTimeout(timer); this.sleepers.delete(wake); resolve(); };
      const timer = setTimeout(wake, milliseconds);
      this.sleepers.add(wake);
    });
  }
}
