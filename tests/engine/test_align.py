"""Two documents in, beads and pairs out."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tm.align import AlignmentRefused, align, align_segments, pairs
from tm.text.normalise import fingerprint
from tm.types import Bead, Block, Context, Document, Language, Role, Segment

FRENCH = [
    "Le Conseil adopte son programme pour 2010",
    "Les ministres se sont réunis à Bruxelles le 4 décembre 2009.",
    "Ils ont longuement débattu de la situation en Afghanistan, où 43 pays contribuent à la mission d’assistance.",
    "« Nous devons agir ensemble », a déclaré M. Rasmussen.",
    "La prochaine réunion est prévue à Oslo.",
    "Elle portera sur la piraterie, le terrorisme et les catastrophes naturelles.",
    "Revue conjointe",
    "Le document sera présenté d’ici au 31 décembre 2010 aux 29 pays du Conseil.",
]
ENGLISH = [
    "Council adopts its programme for 2010",
    "Ministers met in Brussels on 4 December 2009.",
    "They held a long debate on the situation in Afghanistan, where 43 nations contribute to the assistance mission.",
    "“We must act together,” said Mr Rasmussen.",
    "The next meeting is planned in Oslo.",
    "It will deal with piracy, terrorism and natural disasters.",
    "Joint review",
    "The document will be presented to the 29 Council nations by 31 December 2010.",
]


def shapes(beads: Sequence[Bead]) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    return [(bead.source, bead.target) for bead in beads]


def block(texts: Sequence[str], role: Role, language: Language | None, between: str = " ") -> Block:
    segments, start = [], 0
    for text in texts:
        segments.append(Segment(text, start, start + len(text), language))
        start += len(text) + len(between)
    return Block(role, between.join(texts), tuple(segments), level=2 if role == "heading" else 0)


def document(texts: Sequence[str], language: Language | None, between: str = " ") -> Document:
    """Title, a paragraph of five, a heading, a last paragraph."""
    return Document(
        "txt",
        texts[0],
        (
            block(texts[:1], "title", language),
            block(texts[1:-2], "paragraph", language, between),
            block(texts[-2:-1], "heading", language),
            block(texts[-1:], "paragraph", language),
        ),
    )


def test_a_straight_translation_is_one_to_one() -> None:
    beads = align_segments(FRENCH, ENGLISH)
    assert shapes(beads) == [((at,), (at,)) for at in range(8)]
    assert all(0.9 < bead.confidence <= 1 for bead in beads)


def test_a_sentence_that_became_two_is_one_bead() -> None:
    split = [*ENGLISH[:2], ENGLISH[2].split(", ")[0] + ".", "There, 43 nations contribute to the assistance mission.",
             *ENGLISH[3:]]  # fmt: skip
    assert shapes(align_segments(FRENCH, split))[1:4] == [((1,), (1,)), ((2,), (2, 3)), ((3,), (4,))]


def test_two_sentences_that_became_one_are_one_bead() -> None:
    one = "The next meeting is planned in Oslo and will deal with piracy, terrorism and natural disasters."
    joined = [*ENGLISH[:4], one, *ENGLISH[6:]]
    assert shapes(align_segments(FRENCH, joined))[4:6] == [((4, 5), (4,)), ((6,), (5,))]


def test_a_sentence_left_out_stands_alone() -> None:
    assert shapes(align_segments(FRENCH, ENGLISH[:2] + ENGLISH[3:]))[1:4] == [((1,), (1,)), ((2,), ()), ((3,), (2,))]
    assert shapes(align_segments(FRENCH[:2] + FRENCH[3:], ENGLISH))[1:4] == [((1,), (1,)), ((), (2,)), ((2,), (3,))]


def test_every_segment_is_in_exactly_one_bead_whatever_the_sides() -> None:
    for rows in range(len(FRENCH)):
        for columns in range(0, len(ENGLISH), 3):
            beads = align_segments(FRENCH[:rows], ENGLISH[:columns])
            assert [at for bead in beads for at in bead.source] == list(range(rows))
            assert [at for bead in beads for at in bead.target] == list(range(columns))
            assert all(0 <= bead.confidence <= 1 for bead in beads)


def test_what_fits_badly_has_less_confidence_than_what_fits() -> None:
    strange = [*ENGLISH[:4], "Oslo.", *ENGLISH[5:]]
    sure, unsure = align_segments(FRENCH, ENGLISH), align_segments(FRENCH, strange)
    assert unsure[4].confidence < sure[4].confidence
    assert unsure[0].confidence > 0.99


def test_a_long_text_with_a_great_hole_keeps_to_its_band() -> None:
    french = [f"Le point {number} de l’ordre du jour est adopté par {number * 3} voix." for number in range(1200)]
    english = [f"Item {number} of the agenda is adopted by {number * 3} votes." for number in range(1200)]
    beads = align_segments(french[:300] + french[900:], english)
    found = {(bead.source[0], bead.target[0]) for bead in beads if bead.source and bead.target}
    assert len(found & ({(at, at) for at in range(300)} | {(at, at + 600) for at in range(300, 600)})) >= 598


def test_blocks_settle_what_lengths_leave_open() -> None:
    def of(*paragraphs: list[str]) -> Document:
        return Document("txt", "", tuple(block(texts, "paragraph", None) for texts in paragraphs))

    french = of(["Oui oui.", "Non non."], ["Bon bon.", "Ah bon !"])
    assert shapes(align(french, of(["Yes yes."], ["Well so.", "Oh well!"])))[-2:] == [((2,), (1,)), ((3,), (2,))]
    assert shapes(align(french, of(["Yes yes.", "No no no."], ["Well so."])))[:2] == [((0,), (0,)), ((1,), (1,))]


def test_headings_meet_headings() -> None:
    french, english = document(FRENCH, "fr"), document(ENGLISH[:1] + ENGLISH[2:5] + ENGLISH[6:], "en")
    assert ((6,), (4,)) in shapes(align(french, english))


@pytest.mark.parametrize("empty", [Document("txt", "", ()), Document("txt", "", (Block("paragraph", "•"),))])
def test_an_empty_side_is_refused(empty: Document) -> None:
    with pytest.raises(AlignmentRefused, match="French") as caught:
        align(empty, document(ENGLISH, "en"))
    assert caught.value.code == "EMPTY"
    with pytest.raises(AlignmentRefused, match="English"):
        align(document(FRENCH, "fr"), empty)


def test_swapped_sides_are_refused() -> None:
    with pytest.raises(AlignmentRefused) as caught:
        align(document(ENGLISH, "en"), document(FRENCH, "fr"))
    assert caught.value.code == "PAIR_SWAPPED"


@pytest.mark.parametrize(("source", "target"), [("fr", "fr"), ("en", "en")])
def test_two_documents_in_one_language_are_refused(source: Language, target: Language) -> None:
    with pytest.raises(AlignmentRefused) as caught:
        align(document(FRENCH, source), document(ENGLISH, target))
    assert caught.value.code == "PAIR_LANGUAGE"


def test_documents_about_other_things_are_refused_with_their_score() -> None:
    other = [
        "Allied navies end exercise in Norway",
        "Exercise Cold Wave ended on 17 May 2021 in Bergen.",
        "Some 12 ships and 3,400 sailors from Portugal, Canada and Denmark took part.",
        "“It went well,” said Admiral Costa.",
        "Training will go on in Lisbon in 2022.",
        "The weather was bad.",
        "Background",
        "The exercise was first held in 1998 with 7 ships.",
    ]
    with pytest.raises(AlignmentRefused, match=r"come to 0\.[0-3]\d") as caught:
        align(document(FRENCH, "fr"), document(other, "en"))
    assert caught.value.code == "ALIGNMENT_POOR"


def test_where_nothing_can_be_compared_only_lengths_speak() -> None:
    french = Document("txt", "", (block(["Bonjour à tous."], "paragraph", "fr"),))
    assert len(align(french, Document("txt", "", (block(["Hello all."], "paragraph", None),)))) == 1
    with pytest.raises(AlignmentRefused):
        align(french, Document("txt", "", (block(["Hello all. " * 9], "paragraph", None),)))


def test_pairs_know_where_they_were_seen() -> None:
    french, english = document(FRENCH, "fr"), document(ENGLISH, "en")
    made = pairs(french, english, align(french, english), document="release-1", date="2009-12-04")
    assert [(pair.source, pair.target) for pair in made] == list(zip(FRENCH, ENGLISH, strict=True))
    assert [pair.seen.position for pair in made] == list(range(1, 9))
    assert {(pair.seen.document, pair.seen.date, pair.seen.origin) for pair in made} == {
        ("release-1", "2009-12-04", "aligned")
    }
    assert made[0].seen.context == Context("", fingerprint(FRENCH[1]), "title")
    assert made[6].seen.context == Context(fingerprint(FRENCH[5]), fingerprint(FRENCH[7]), "heading")
    assert made[7].seen.context == Context(fingerprint(FRENCH[6]), "", "paragraph")


def test_joined_segments_keep_the_white_space_between_them() -> None:
    french = document(FRENCH, "fr", between="\u00a0\n ")
    beads = [Bead((4, 5), (4, 5), 0.9)]
    (pair,) = pairs(french, document(ENGLISH, "en"), beads, document="d")
    assert pair.source == f"{FRENCH[4]}\u00a0\n {FRENCH[5]}"
    assert pair.target == f"{ENGLISH[4]} {ENGLISH[5]}"
    assert (pair.seen.context.previous, pair.seen.context.next) == (fingerprint(FRENCH[3]), fingerprint(FRENCH[6]))


def test_a_caption_that_is_english_on_both_sides_is_no_pair_but_a_neighbour() -> None:
    caption = block(["Left to right: Mr Rasmussen and Mr Lavrov"], "caption", "en")
    french, english = document(FRENCH, "fr"), document(ENGLISH, "en")
    french = Document("txt", "", (french.blocks[0], caption, *french.blocks[1:]))
    english = Document("txt", "", (english.blocks[0], caption, *english.blocks[1:]))
    beads = align(french, english)
    assert shapes(beads) == [((at,), (at,)) for at in range(9)]
    made = pairs(french, english, beads, document="d")
    assert [pair.source for pair in made] == FRENCH
    assert made[0].seen.context.next == fingerprint(caption.text)


def test_pairs_below_a_confidence_and_segments_alone_are_left_out() -> None:
    french, english = document(FRENCH, "fr"), document(ENGLISH, "en")
    beads = [Bead((0,), (0,), 0.95), Bead((1,), (), 0.99), Bead((), (1,), 0.99), Bead((2,), (2,), 0.4)]
    made = pairs(french, english, beads, document="d", least_confidence=0.5)
    assert [pair.seen.position for pair in made] == [1]
