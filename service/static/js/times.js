// Moments come as UTC; people read them in their own time.
import { LANGUAGE } from "./speech.js";

const language = LANGUAGE === "en" ? "en-GB" : LANGUAGE; // the day before the month, as in the texts of this house
const day = new Intl.DateTimeFormat(language, {
  day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});
const exact = new Intl.DateTimeFormat(language, {
  day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});
const hours = new Intl.DateTimeFormat(language, {
  hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});

export function localise(root) {
  for (const time of root.querySelectorAll("time[datetime]:not([title])")) {
    const moment = new Date(time.dateTime);
    time.title = time.textContent;
    time.textContent = (time.hasAttribute("data-seconds") ? exact : day).format(moment);
  }
}

export const clock = (moment) => hours.format(new Date(moment));
