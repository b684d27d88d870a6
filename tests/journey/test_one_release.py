"""One release, from a file to a published bilingual page, by three people in real browsers on `scripts/run`."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import Browser, BrowserContext, Page, expect

from service.settings import ROOT, Settings
from tests.parts.process import wait_for
from tm.documents.registry import read

SAMPLES = ROOT / "samples" / "releases"
FRENCH, ENGLISH = SAMPLES / "conseil-ministeriel.fr.txt", SAMPLES / "conseil-ministeriel.en.txt"
pytestmark = [pytest.mark.journey, pytest.mark.backends("sqlite"), pytest.mark.timeout(300)]

SignIn = Callable[[str], Page]


def segments(path: Path, language: str) -> list[str]:
    document = read(path.read_bytes(), filename=path.name, expect=language)  # type: ignore[arg-type]
    return [segment.text for block in document.blocks for segment in block.segments]


class Product:
    """`scripts/run` with a data folder of its own."""

    def __init__(self, settings: Settings, log: Path) -> None:
        self.settings, self.log = settings, log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        environment = {**os.environ, "DATA_DIR": str(self.settings.data_dir), "PORT": str(self.settings.port)}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [ROOT / "scripts" / "run"], stdout=log, stderr=log, env=environment, cwd="/", start_new_session=True
            )
        said = self.log.read_text().count("is ready at")
        wait_for(lambda: self.log.read_text().count("is ready at") > said or self.ended, 120, "scripts/run")
        assert not self.ended, self.log.read_text()

    @property
    def ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def interrupt(self) -> int:
        """Ctrl+C, as a shell sends it: to the whole foreground group."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(30)

    def passwords(self) -> dict[str, str]:
        """What it prints of how to sign in: address to password."""
        return dict(re.findall(r"^  (\S+@\S+)  (\S+)$", self.log.read_text(), re.MULTILINE))


FILES = {"html", "docx", "pdf", "fr.txt", "en.txt", "english.txt", "tmx", "1.2.xlf", "2.1.xlf", "po", "json"}


@pytest.fixture
def product(make_settings: Callable[..., Settings], tmp_path: Path) -> Iterator[Product]:
    product = Product(make_settings(), tmp_path / "run.log")
    product.start()
    yield product
    if not product.ended:
        product.interrupt()


@pytest.fixture
def sign_in(chromium: Browser, product: Product) -> Iterator[SignIn]:
    """A browser of somebody's own, signed in with what `scripts/run` has printed; script faults fail the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def make(role: str) -> Page:
        email = f"{role}@passerelle.example"
        context = chromium.new_context(base_url=product.settings.address, accept_downloads=True)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto("/")
        page.get_by_label("E-mail address").fill(email)
        page.get_by_label("Password").fill(product.passwords()[email])
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"//[^/]+/releases$"))
        return page

    yield make
    for context in contexts:
        context.close()
    assert faults == []


def test_one_release_from_file_to_bilingual_page(product: Product, sign_in: SignIn) -> None:
    translator = sign_in("translator")
    release = bring_in(translator, FRENCH)
    translate(translator, release)
    reviewer = sign_in("reviewer")
    review(reviewer, translator, release)
    editor = sign_in("editor")
    files = publish(editor, release)
    check(files)
    expect(editor.get_by_role("heading", name="Published")).to_be_visible()
    evaluated(editor, release)
    wait_for(lambda: has_learned(editor), 90, "the memory to learn")
    full_matches_throughout(translator)
    product_comes_back(product, editor, release)


def bring_in(page: Page, file: Path, again: bool = True) -> str:
    """Upload a release; the sample is here from the first start, so it has to be brought in again on purpose."""
    page.goto("/releases/new")
    page.set_input_files("[name=file]", file)
    page.get_by_role("button", name="Bring it in", exact=True).click()
    if again:
        expect(page.get_by_text("This text is here already")).to_be_visible()
        page.get_by_role("button", name="Bring it in again").click()
    page.wait_for_url(re.compile(r"/releases/[0-9a-f-]{36}"))
    return re.search(r"[0-9a-f-]{36}", page.url)[0]  # type: ignore[index]


def translate(page: Page, release: str) -> None:
    """Every segment by keys: insert the match where it says what is wanted, else type, confirm, go on."""
    wanted = segments(ENGLISH, "en")
    page.goto(f"/releases/{release}/edit")
    expect(page.locator("li.segment")).to_have_count(len(wanted))
    expect(page.locator('li.segment[data-proposed="0"]')).to_have_count(0)
    rates = set(page.locator("li.segment .rate").all_inner_texts())
    assert {"no match", "EN"} <= rates
    assert any(rate.endswith("!") for rate in rates), "no localised match"
    expect(page.locator("li.segment.active")).to_have_count(1)
    page.click("#s1 .number")
    for number, english in enumerate(wanted, 1):
        field = page.locator(f"#field-{number}")
        expect(field).to_be_focused()
        if field.input_value() != english:
            offered = page.locator(f'[data-slot=panel] [data-rank="1"][data-text="{english}"]')
            if number % 2 and offered.count():
                page.keyboard.press("Control+1")
            else:
                page.keyboard.press("Control+a")
                page.keyboard.insert_text(english)
        expect(field).to_have_value(english)
        page.keyboard.press("Control+Enter")
    expect(page.locator('li.segment[data-state="translated"]')).to_have_count(len(wanted))


def review(page: Page, translator: Page, release: str) -> None:
    """Approve by keys; one segment goes back with a reason, is mended by its translator and then approved."""
    number = len(segments(FRENCH, "fr"))
    page.bring_to_front()
    page.goto(f"/releases/{release}/edit#s5")
    expect(page.locator("#field-5")).to_be_focused()
    page.keyboard.press("Alt+r")
    page.keyboard.insert_text("“since the summer” is missing")
    page.keyboard.press("Enter")
    expect(page.locator('#s5[data-state="rejected"]')).to_be_visible()
    translator.goto("/releases")
    translator.goto(f"/releases/{release}/edit#s5")
    expect(translator.locator("#s5")).to_contain_text("“since the summer” is missing")
    expect(translator.locator("#field-5")).to_be_focused()
    translator.keyboard.press("Control+Enter")
    expect(translator.locator('#s5[data-state="translated"]')).to_be_visible()
    page.goto(f"/releases/{release}/edit#s1")
    page.reload()
    approved, said = page.locator('li.segment[data-state="approved"]'), page.locator("[data-slot=saved]")
    for done in range(1, number + 1):
        expect(page.locator("li.segment.active textarea")).to_be_focused()
        page.keyboard.press("Alt+a")
        wait_for(lambda done=done: approved.count() == done or "once more" in said.inner_text(), 20, "an answer")
        if approved.count() < done:  # a warning asks
            page.keyboard.press("Alt+a")
        expect(approved).to_have_count(done)


def publish(page: Page, release: str) -> dict[str, bytes]:
    """Publish, and download every file."""
    page.goto(f"/releases/{release}")
    page.get_by_role("button", name="Publish", exact=True).click()
    page.goto(f"/releases/{release}")
    page.locator('a[href^="/publications/"]').filter(has_text="Defence ministers").click()
    expect(page.locator("table a[download]")).to_have_count(len(FILES), timeout=60_000)
    files = {}
    for number, link in enumerate(page.locator("table a[download]").all()):
        if number == 6:
            page.reload()  # a browser asks before the eleventh file of one visit
        with page.expect_download() as download:
            link.click()
        files[download.value.suggested_filename.split(".", 1)[1]] = Path(download.value.path()).read_bytes()
    page.goto(f"/releases/{release}")
    return files


def check(files: dict[str, bytes]) -> None:
    """The files say what was translated, in the structure of the source."""
    assert set(files) == FILES
    assert files["english.txt"] == files["en.txt"]
    assert files["pdf"].startswith(b"%PDF-")
    assert files["fr.txt"] == FRENCH.read_bytes()
    assert files["en.txt"].decode() == english_with_structure()
    page = files["html"].decode()
    assert page.count('lang="fr"') > 10
    for english in segments(ENGLISH, "en"):
        assert english.replace("’", "’") in page.replace("&#39;", "'").replace("&amp;", "&")
    assert files["tmx"].count(b"<tu ") == len(segments(FRENCH, "fr")) - 1, "the English caption is no unit"


def english_with_structure() -> str:
    """The French file with every segment replaced by its English."""
    document = read(FRENCH.read_bytes(), filename=FRENCH.name)
    english = iter(segments(ENGLISH, "en"))
    whole = ""
    for block in document.blocks:
        whole += block.before
        end = 0
        for segment in block.segments:
            whole += block.text[end : segment.start] + next(english)
            end = segment.end
        whole += block.text[end:]
    return whole + document.after


def evaluated(page: Page, release: str) -> None:
    """BLEU, chrF and TER by band stand on the page of the release."""
    deadline = time.monotonic() + 30
    while not page.get_by_text("How close the proposals were").count():
        assert time.monotonic() < deadline, "no evaluation"
        page.goto(f"/releases/{release}")
    expect(page.get_by_role("row").filter(has_text="all with a match")).to_be_visible()


def full_matches_throughout(page: Page) -> None:
    """Bringing the published release in again gives 101 or 102 throughout."""
    release = bring_in(page, FRENCH)
    page.goto(f"/releases/{release}/edit")
    expect(page.locator('li.segment[data-proposed="0"]')).to_have_count(0)
    rates = page.locator("li.segment .rate").all_inner_texts()
    assert set(rates) <= {"101", "102", "EN"}, rates
    expect(page.locator('li.segment[data-state="pretranslated"]')).to_have_count(len(rates))


def has_learned(page: Page) -> bool:
    page.goto("/runs")
    return page.get_by_role("row").filter(has_text="Learning").filter(has_text="done").count() > 0


def product_comes_back(product: Product, page: Page, release: str) -> None:
    """Ctrl+C ends it cleanly; it starts again with everything kept, the sign-ins too."""
    assert product.interrupt() == 0
    product.start()
    page.goto(f"/releases/{release}")
    expect(page.get_by_role("heading", name="Published")).to_be_visible()
