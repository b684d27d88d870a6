"""Which pages are each other's translation: by what evidence, and when none is good enough."""

from __future__ import annotations

import random

from service.desk.partners import Candidate, Found, find_pairs

SITE = "https://press.example"


def candidate(name: str, *, names: tuple[str, ...] = (), date: str = "", figures: str = "", **claims: str) -> Candidate:
    """A page such as `fr1`: its language is its first two letters, its address its name; claims name other pages."""
    partners = {how: tuple(f"{SITE}/{page}" for page in pages.split()) for how, pages in claims.items()}
    urls = tuple(f"{SITE}/{each}" for each in (name, *names))
    return Candidate(name, name[:2], urls, partners, date, frozenset(figures.split()))


def test_the_strongest_evidence_decides() -> None:
    pages = [
        candidate("fr1", hreflang="en1", link="en2", figures="a b c d"),
        candidate("en1", figures="x y z"),
        candidate("en2", figures="a b c d"),
    ]
    assert find_pairs(pages) == [Found("fr1", "en1", "hreflang")]
    assert find_pairs(pages, never={("fr1", "en1")}) == [Found("fr1", "en2", "link")]
    assert find_pairs(pages, never={("fr1", "en1"), ("fr1", "en2")}) == []


def test_a_list_outweighs_what_pages_say() -> None:
    pages = [candidate("fr1", list="en2", hreflang="en1"), candidate("en1", hreflang="fr1"), candidate("en2")]
    assert find_pairs(pages) == [Found("fr1", "en2", "list")]


def test_two_that_claim_the_same_partner_get_none_by_that() -> None:
    pages = [candidate("fr1", hreflang="en1"), candidate("fr2", hreflang="en1"), candidate("en1")]
    assert find_pairs(pages) == []


def test_a_claim_that_is_returned_outweighs_one_that_is_not() -> None:
    pages = [candidate("fr1", hreflang="en1"), candidate("fr2", hreflang="en1"), candidate("en1", hreflang="fr2")]
    assert find_pairs(pages) == [Found("fr2", "en1", "hreflang")]


def test_claims_about_pages_in_the_same_language_count_for_nothing() -> None:
    pages = [candidate("fr1", hreflang="fr2"), candidate("fr2"), candidate("de1", hreflang="fr1"), candidate("en1")]
    assert find_pairs(pages) == []


def test_pages_are_known_under_all_their_names() -> None:
    pages = [candidate("fr1", hreflang="en-new"), candidate("en1", names=("en-new",))]
    assert find_pairs(pages) == [Found("fr1", "en1", "hreflang")]


def test_a_page_whose_true_address_is_another_page_is_that_page() -> None:
    pages = [candidate("fr1?rss", names=("fr1",), hreflang="en1"), candidate("fr1", hreflang="en1"), candidate("en1")]
    assert find_pairs(pages) == [Found("fr1", "en1", "hreflang")]
    # but not where the true address is in the other language: sites get that wrong
    pages = [candidate("fr1", names=("en1",), hreflang="en1"), candidate("en1")]
    assert find_pairs(pages) == [Found("fr1", "en1", "hreflang")]


def test_addresses_that_differ_in_the_language_alone() -> None:
    pages = [
        Candidate("f", "fr", (f"{SITE}/fr/1",)),
        Candidate("e", "en", (f"{SITE}/en/1",)),
        Candidate("g", "fr", (f"{SITE}/fr/2",)),
        Candidate("h", "en", (f"{SITE}/2",)),
    ]
    assert find_pairs(pages) == [Found("f", "e", "address"), Found("g", "h", "address")]


def test_figures_decide_where_nobody_else_comes_near() -> None:
    far = [candidate(f"fr{n}", figures=f"a{n} b{n} c{n} common") for n in range(3, 8)]
    pages = [*far, candidate("fr1", figures="a b c d common"), candidate("en1", figures="a b c e common")]
    assert find_pairs(pages) == [Found("fr1", "en1", "figures")]
    twin = candidate("en2", figures="a b c e common")
    assert find_pairs([*pages, twin]) == []
    few = [*far, candidate("fr1", figures="a b"), candidate("en1", figures="a b")]
    assert find_pairs(few) == []


def test_dates_must_not_contradict() -> None:
    french = candidate("fr1", figures="a b c d", date="2024-03-04")
    rest = [candidate(f"fr{n}", figures=f"{n}") for n in range(2, 5)]
    for date, paired in (("2024-03-04", True), ("", True), ("2024-03-05", False)):
        english = candidate("en1", figures="a b c d", date=date)
        assert bool(find_pairs([french, english, *rest])) is paired


def test_the_order_of_pages_makes_no_difference() -> None:
    dice = random.Random(7)
    pages = [candidate(f"fr{n}", hreflang=f"en{n % 5}", figures=f"{n} {n * n} {n + 1}") for n in range(9)]
    pages += [candidate(f"en{n}", link=f"fr{n}", figures=f"{n} {n * n} {n + 1}") for n in range(9)]
    expected = find_pairs(pages)
    assert expected
    for _ in range(20):
        dice.shuffle(pages)
        assert set(find_pairs(pages)) == set(expected)
