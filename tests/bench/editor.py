"""The editor at scale: a release of 2,000 segments over a memory of a million units, worked by keys in a real Chromium.

    scripts/bench editor [--units 1000000] [--segments 2000] [--data FILE] [--folder FOLDER]

Measured in the page, by its own clock: from the key to the moment when the next segment's field has the focus and its
matches stand beside it, and to the frame after that, which the eye sees; and from the request for the page to the first
segment that can be typed in. The same keys on a release of 30 segments in the same run tell what the size costs. With
--folder the memory is kept there for another run.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import BrowserContext, Page

from service.desk import people
from service.settings import Settings, load
from service.storage.people import by_email
from service.storage.session import make_sessions
from tests.bench.lookup import command, filled
from tests.bench.memory import DATA, edited, memory_and_rest
from tests.parts.browser import browser
from tests.parts.service import Web

PASSWORD = "correct horse battery staple"
EMAIL = "bench@passerelle.test"
MOVES = 200
WATCH = """
window.times = { keys: [], ready: [], seen: [], opened: null };
const ready = (id) => document.activeElement?.closest('li.segment')?.dataset.id === id
  && document.querySelector(`.panel-of[data-for="${id}"]`);
addEventListener('keydown', (event) => {
  const moves = event.ctrlKey && ['Enter', 'ArrowDown'].includes(event.key);
  if (!moves) return;
  const began = event.timeStamp, before = document.activeElement?.closest('li.segment')?.dataset.id;
  // looked at whenever the page changes, so that a frame that is being drawn is not taken for the wait for it
  const watch = new MutationObserver(() => look());
  const look = () => {
    const now = document.activeElement?.closest('li.segment')?.dataset.id;
    if (!now || now === before || !ready(now)) return;
    watch.disconnect();
    removeEventListener('focusin', look);
    times.ready.push(performance.now() - began);
    requestAnimationFrame(() => setTimeout(() => times.seen.push(performance.now() - began)));
  };
  watch.observe(document, { subtree: true, childList: true });
  addEventListener('focusin', look);
}, true);
const opening = setInterval(() => {
  if (!document.activeElement?.matches('li.segment textarea')) return;
  times.opened = performance.now();
  clearInterval(opening);
}, 5);
"""
SCROLL = """async () => {
  const frames = [];
  let last = performance.now();
  const step = Math.ceil(document.documentElement.scrollHeight / 240);
  for (let at = 0; at < 240; at += 1) {
    scrollBy(0, step);
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    frames.push(now - last);
    last = now;
  }
  return frames;
}"""


def prepared(settings: Settings, data: Path, units: int) -> list[str]:
    """A memory with its generation, unless it stands already; returns texts for releases, half of them with a match."""
    dice = random.Random(11)
    if any(settings.data_dir.glob("*.sqlite")):
        texts, rest = memory_and_rest(data, units)
    else:
        texts, rest = filled(settings, data, units)
        built = json.loads(command(settings, "memory", "rebuild", "--json")[0])
        print(f"generation of {built['units']:,} units in {built['milliseconds'] / 1000:.0f} s", flush=True)
    words = " ".join(dice.sample(texts, min(2000, len(texts)))).split()
    like = [edited(text, words, dice) for text in dice.sample([one for one in texts if 30 < len(one) < 300], 2000)]
    return [text for pair in zip(like, rest, strict=False) for text in pair]


def release(settings: Settings, folder: Path, texts: list[str]) -> str:
    """A release of about so many segments, with its proposals; its id."""
    file = folder / "release.fr.txt"
    file.write_text("\n\n".join(["Réunion du Conseil", *texts]), encoding="utf-8")
    out, took = command(settings, "release", "add", str(file), "--wait", "--json")
    found = json.loads(out)
    print(f"release of {len(texts):,} paragraphs proposed in {took:.0f} s", flush=True)
    return str(found["id"])


def releases(settings: Settings, folder: Path, data: Path, units: int, segments: int) -> tuple[str, str]:
    """The large release and the small one, made unless they stand already."""
    kept = folder / "releases.json"
    if not kept.exists():
        texts = prepared(settings, data, units)
        parts = (texts[:segments], texts[segments : segments + 30])
        kept.write_text(json.dumps([release(settings, folder, part) for part in parts]))
    large, small = json.loads(kept.read_text())
    return large, small


def opened(context: BrowserContext, address: str) -> tuple[Page, float]:
    """A page with the editor open, and how long until its first segment could be typed in."""
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(address)
    page.wait_for_function("window.times.opened !== null")
    page.wait_for_selector(".panel-of")
    return page, page.evaluate("times.opened")


def worked(page: Page, moves: int, confirm: bool) -> tuple[list[float], list[float]]:
    """Go through segments by keys; the milliseconds until each was ready, and until it was seen."""
    page.evaluate("times.ready = []; times.seen = []")
    for number in range(moves):
        if confirm:
            page.keyboard.type(f"Item {number} was adopted by all members", delay=8)
        else:
            page.wait_for_timeout(150)
        page.keyboard.press("Control+Enter" if confirm else "Control+ArrowDown")
        page.wait_for_function(f"times.seen.length === {number + 1}")
    return page.evaluate("times.ready"), page.evaluate("times.seen")


def told(name: str, times: list[float]) -> float:
    """Print the figures of one series; its median."""
    ordered = sorted(times)
    middle = statistics.median(ordered)
    print(f"{name}: median {middle:.1f} ms, p95 {ordered[int(len(ordered) * 0.95)]:.1f} ms, most {ordered[-1]:.1f} ms")
    return middle


def measure(settings: Settings, folder: Path, data: Path, units: int, segments: int) -> None:
    """Fill, propose, work; print the figures."""
    large, small = releases(settings, folder, data, units, segments)
    sessions = make_sessions(settings)
    with sessions.write() as session:
        if by_email(session, EMAIL) is None:
            operator = people.operator(session)
            people.add_person(session, operator, EMAIL, "translator", settings=settings, name="B", password=PASSWORD)
        session.commit()
    sessions.close()
    web = Web(settings).start()
    try:
        with browser() as chromium:
            size = {"width": 1440, "height": 900}
            # the driver waits by evaluating, which our policy refuses to pages
            context = chromium.new_context(base_url=web.url, viewport=size, bypass_csp=True)
            _in_the_browser(context, large, small)
    finally:
        web.kill()


def _in_the_browser(context: BrowserContext, large: str, small: str) -> None:
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("[name=email]", EMAIL)
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/releases")
    opened(context, f"/releases/{small}/edit")[0].close()  # what is only once: scripts compiled, the memory mapped
    openings = []
    for _ in range(5):
        page, took = opened(context, f"/releases/{large}/edit")
        openings.append(took)
        page.close()
    told("opening it, until the first segment can be typed in", openings)
    page, _ = opened(context, f"/releases/{large}/edit")
    count = page.locator("li.segment").count()
    print(f"{count:,} segments on the page")
    ready, seen = worked(page, MOVES, confirm=True)
    middle = told("typed and confirmed, the next one ready with its matches", ready)
    told("  and drawn", seen)
    ready, seen = worked(page, MOVES, confirm=False)
    told("moving down, the next one ready with its matches", ready)
    told("  and drawn", seen)
    told("frames while scrolling from top to bottom", page.evaluate(SCROLL))
    page, took = opened(context, f"/releases/{small}/edit")
    ready, _ = worked(page, 25, confirm=True)
    alone = told("  on the release of 30 segments", ready)
    print(f"ratio of medians to a release of 30 segments: {middle / alone:.2f}")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", type=int, default=1_000_000)
    parser.add_argument("--segments", type=int, default=2000)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--folder", type=Path, default=None)
    arguments = parser.parse_args()
    if not arguments.data.is_file():
        raise SystemExit(f"{arguments.data.name} is not there: it is not part of the project; name it with --data")
    with tempfile.TemporaryDirectory() as place:
        folder = arguments.folder or Path(place)
        folder.mkdir(parents=True, exist_ok=True)
        settings = load(data_dir=folder, port=8765)
        measure(settings, folder, arguments.data, arguments.units, arguments.segments)


if __name__ == "__main__":
    main()
