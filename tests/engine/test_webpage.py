"""Pages as they are fetched: main text, language, figures, links; lists of pages; addresses that name a language."""

from __future__ import annotations

import gzip

import pytest

from tests.parts.website import page, story
from tm.documents import listings, webpage
from tm.documents.languageswitch import counterparts
from tm.documents.pagelinks import Version, header_versions
from tm.errors import InputError

URL = "https://press.example/fr/1.html"


def read(html: str | bytes, **values: object) -> webpage.WebPage:
    data = html if isinstance(html, bytes) else html.encode()
    return webpage.read(data, **{"url": URL, **values})  # type: ignore[arg-type]


def test_the_main_text_keeps_its_roles_and_loses_the_furniture() -> None:
    blocks = [
        *story(1, "fr")[:4],
        ("ul", "<li>48 lampes à basse consommation</li><li>310 mètres de garde-corps</li>"),
        ("blockquote", "« Ce pont est à tout le monde », a déclaré la maire."),
        *story(1, "fr")[4:],
    ]
    found = read(page(blocks, "fr"))
    roles = [(block.role, block.level) for block in found.document.blocks]
    assert roles[:4] == [("title", 1), ("dateline", 0), ("paragraph", 0), ("heading", 2)]
    assert roles.count(("list-item", 0)) == 2
    assert ("quotation", 0) in roles
    text = found.document.rebuild()
    assert "Cookies" not in text
    assert "Toute l’actualité" not in text
    assert "©" not in text


def test_a_heading_outside_of_the_main_part_is_the_title() -> None:
    body = "".join(f"<p>{text}</p>" for tag, text in story(2, "fr") if tag == "p")
    html = f"<html lang=fr><body><header><h1>Le grand titre du jour</h1></header><main>{body}</main></body></html>"
    assert read(html).document.title == "Le grand titre du jour"


def test_the_text_says_its_language_whatever_the_page_declares() -> None:
    assert read(page(story(1, "en"), "fr")).language == "en"
    assert read(page(story(1, "fr"), "en")).language == "fr"
    assert read("<html lang='fr-CA'><body><main><p>Bonjour à tous</p></main></body></html>").language == "fr"


def test_date_and_figures_are_the_same_in_both_languages() -> None:
    french, english = (read(page(story(3, language), language)) for language in ("fr", "en"))
    assert french.date == english.date == "2024-03-04"
    assert set(french.figures) == set(english.figures)
    assert len(french.figures) >= 6
    assert not set(french.figures) <= set(read(page(story(4, "en"), "en")).figures)


@pytest.mark.parametrize(
    ("encoding", "charset"),
    [("utf-8", "iso-8859-1"), ("utf-8-sig", ""), ("cp1252", "utf-8"), ("cp1252", ""), ("iso8859-15", "iso-8859-15")],
)
def test_encodings_are_found_whatever_the_server_says(encoding: str, charset: str) -> None:
    html = page(story(1, "fr"), "fr").replace('<meta charset="utf-8">', "").replace("’", "'")
    assert "Le pont de Belcourt rouvre après" in read(html.encode(encoding), charset=charset).document.title


def test_a_mixture_of_encodings_is_refused() -> None:
    with pytest.raises(InputError) as refusal:
        read(page(story(1, "fr"), "fr").encode() + "à côté".encode("cp1252"))
    assert refusal.value.code == "ENCODING_UNCLEAR"


def test_a_page_that_may_be_cut_needs_its_end() -> None:
    html = page(story(1, "fr"), "fr")
    assert read(html, whole=False).language == "fr"
    with pytest.raises(InputError) as refusal:
        read(html[: len(html) // 2], whole=False)
    assert refusal.value.code == "PAGE_CUT"


@pytest.mark.parametrize("html", ["<html><body></body></html>", "<!-- nothing -->", "<p> </p>", "<script>x</script>"])
def test_a_page_without_text_is_refused(html: str) -> None:
    with pytest.raises(InputError) as refusal:
        read(html)
    assert refusal.value.code == "NO_TEXT"


def test_links_to_other_versions() -> None:
    head = """<base href="/base/"><link rel="canonical" href="one#top">
    <link rel="alternate" hreflang="en-GB" href="//en.example/1"><link rel="alternate" hreflang="x-default" href="/">
    <link rel="alternate" hreflang="de" href="/de"><link rel="alternate" type="application/rss+xml" href="/rss">"""
    links = """<li><a href="two" hreflang="en">Lire ailleurs</a></li><li><a href="three"> English </a></li>
    <li><a href="javascript:void(0)">English</a></li><li><a href="mailto:a@b.example">EN</a></li>"""
    found = read(page(story(1, "fr"), "fr", head=head, links=links)).links
    assert found.canonical == "https://press.example/base/one"
    assert found.versions == (
        Version("en", "https://en.example/1"),
        Version("en", "https://press.example/base/two"),
    )
    assert found.switches == (Version("en", "https://press.example/base/three"),)


def test_versions_in_headers() -> None:
    headers = ('</en/1>; rel="alternate"; hreflang="en", <https://x.example/>; rel=canonical', "<a>; rel=alternate")
    assert header_versions(headers, URL) == (Version("en", "https://press.example/en/1"),)


SWITCHES = [
    ("https://a.example/d?selectedLocale=fr&id=3", "https://a.example/d?selectedLocale=en&id=3"),
    ("https://a.example/d?id=3&lang=FR", "https://a.example/d?id=3&lang=EN"),
    ("https://a.example/fr/1", "https://a.example/en/1"),
    ("https://a.example/fr-ca/1", "https://a.example/en-ca/1"),
    ("https://a.example/Francais/1", "https://a.example/English/1"),
    ("https://a.example/docs/r_fr.html", "https://a.example/docs/r_en.html"),
    ("https://a.example/docs/r-FR.pdf", "https://a.example/docs/r-EN.pdf"),
    ("https://fr.a.example/1", "https://en.a.example/1"),
    ("a.fr.txt", "a.en.txt"),
    ("fr/a.html", "en/a.html"),
]


@pytest.mark.parametrize(("french", "english"), SWITCHES)
def test_addresses_that_name_their_language(french: str, english: str) -> None:
    assert counterparts(french, "en")[0] == english
    assert french in counterparts(english, "fr")


@pytest.mark.parametrize(
    "url", ["https://a.example/1", "https://a.example/france/fresh?q=enfr", "https://free.example/"]
)
def test_addresses_that_name_none(url: str) -> None:
    assert counterparts(url, "en") == []


def test_the_main_language_may_be_left_out() -> None:
    assert "https://a.example/news/1" in counterparts("https://a.example/fr/news/1", "en")
    assert "https://a.example/d?id=3" in counterparts("https://a.example/d?lang=fr&id=3", "en")


SITEMAP = b"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:xhtml="http://www.w3.org/1999/xhtml"><!-- c --><url><loc> https://a.example/fr/1?a=1&amp;b=2#x </loc>
<xhtml:link rel="alternate" hreflang="en" href="https://a.example/en/1"/></url><url><loc>javascript:x</loc></url>
<url><loc>https://a.example/fr/1?a=1&amp;b=2</loc></url><url/></urlset>"""


def test_a_sitemap_names_pages_and_their_versions() -> None:
    for data in (SITEMAP, gzip.compress(SITEMAP)):
        found = listings.read(data, url="https://a.example/sitemap.xml").entries
        assert [entry.url for entry in found] == ["https://a.example/fr/1?a=1&b=2"] * 2
        assert found[0].versions == (Version("en", "https://a.example/en/1"),)


BOMB = b'<!DOCTYPE u [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;&a;">]><urlset><url><loc>&b;</loc></url></urlset>'
INSIDE = b'<!DOCTYPE u [<!ENTITY a SYSTEM "file:///etc/passwd">]><urlset><url><loc>&a;</loc></url></urlset>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "LISTING_INVALID"),
        (b"hello", "LISTING_INVALID"),
        (b"<html><body/></html>", "LISTING_INVALID"),
        (BOMB, "LISTING_DTD"),
        (INSIDE, "LISTING_DTD"),
        (gzip.compress(SITEMAP)[:-9], "LISTING_TOO_LARGE"),
        (b"\x1f\x8bnonsense", "LISTING_INVALID"),
    ],
)
def test_lists_that_are_none_are_refused(data: bytes, code: str) -> None:
    with pytest.raises(InputError) as refusal:
        listings.read(data, url="https://a.example/")
    assert refusal.value.code == code


def test_a_list_that_breaks_off_gives_what_it_has() -> None:
    assert len(listings.read(SITEMAP[:-40], url="https://a.example/").entries) >= 1
