// Requests to our own server: the form token, JSON, and one kind of error for each way to fail.
import { t } from "./speech.js";
import { reveal } from "./unseen.js";

export class Refusal extends Error {
  // The server has read the request and says no; trying again as it is will not help.
  constructor(status, answer) {
    super(answer.message || t("The server refused this."));
    this.status = status;
    this.code = answer.code || "";
    this.answer = answer;
  }
}
export class Unreachable extends Error {} // no answer, or one that says "later"
export class SignedOut extends Error {} // nobody is signed in any more

const token = () => document.querySelector('meta[name="csrf-token"]').content;

export function renewToken(value) {
  document.querySelector('meta[name="csrf-token"]').content = value;
}

export async function send(method, url, body, { keepalive = false } = {}) {
  const headers = { Accept: "application/json", "X-CSRFToken": token() };
  let payload = body;
  if (!(body instanceof FormData)) {
    headers["Content-Type"] = "application/json";
    payload = JSON.stringify(body);
  }
  return answerOf(() => fetch(url, { method, headers, body: payload, keepalive, redirect: "error" }));
}

export async function get(url, headers = {}) {
  let response;
  try {
    response = await fetch(url, { headers, redirect: "follow" });
  } catch {
    throw new Unreachable();
  }
  if (response.redirected && new URL(response.url).pathname === "/sign-in") throw new SignedOut();
  if (response.status === 401) throw new SignedOut();
  if (response.status >= 500 || response.status === 429) throw new Unreachable();
  if (!response.ok && response.status !== 304) throw new Refusal(response.status, {});
  return response;
}

async function answerOf(ask) {
  let response, answer;
  try {
    response = await ask();
    answer = response.status === 204 ? {} : await response.json();
  } catch {
    throw new Unreachable();
  }
  if (response.ok) return answer;
  if (response.status === 401 && answer.code !== "BAD_CREDENTIALS") throw new SignedOut();
  // the form token ends with the sign-in that it was made for
  if (answer.code === "CSRF_FAILED") throw new SignedOut();
  if (response.status >= 500 || response.status === 429) throw new Unreachable(answer.message);
  throw new Refusal(response.status, answer);
}

export function parsed(html) {
  // inert until it is put into the page, and the content policy lets nothing in it run afterwards
  const { body } = new DOMParser().parseFromString(html, "text/html");
  reveal(body);
  return body;
}
