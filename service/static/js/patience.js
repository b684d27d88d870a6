// Requests that must arrive: tried until the server has answered, with a sign-in in between where one has ended.
import { SignedOut, Unreachable } from "./http.js";

const WAITS = [1000, 2000, 4000, 8000, 15000]; // between attempts while the server is away

export class Patience {
  // `report(kind)` is told: waiting, signed-out; `signIn()` resolves once somebody is signed in again.
  constructor({ report, signIn }) {
    Object.assign(this, { report, signIn });
    addEventListener("online", () => this.wake?.());
  }

  // What has to be sent stays on the page meanwhile, and the page says so. Refusals are thrown.
  async insist(attempt) {
    for (let failures = 0; ; failures += 1) {
      try {
        return await attempt();
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
      const timer = setTimeout(resolve, milliseconds);
      this.wake = () => { clearTimeout(timer); resolve(); };
    });
  }
}
