"""What cannot be used is refused with a code and a place; what can be, is decoded exactly."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tm.documents.decode import decode, encode
from tm.documents.limits import Limits
from tm.documents.registry import read
from tm.errors import InputError, TooLarge, WrongType

FRENCH = "Les ministres des Affaires étrangères se sont réunis à Bruxelles pour débattre de la sécurité de la région. "
ENGLISH = "The foreign ministers met in Brussels on Friday to discuss the security of the whole region with partners. "
GERMAN = "Die Außenminister trafen sich am Freitag in Brüssel, um über die Sicherheit der Region zu beraten. "


def refusal(data: bytes | str, **how: object) -> InputError:
    with pytest.raises(InputError) as caught:
        read(data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data, **how)  # type: ignore[arg-type]
    return caught.value


def test_an_empty_file_is_refused() -> None:
    assert refusal(b"").code == "EMPTY_FILE"


@pytest.mark.parametrize("text", [" \n\t", "\ufeff", "\u00a0\u200b\u2060", "\u3164\u2800", "\ufeff \ufeff"])
def test_blanks_and_invisible_characters_are_no_text(text: str) -> None:
    assert refusal(text).code == "NO_TEXT"


@pytest.mark.parametrize("text", ["…", "• –\n\n***", "<p></p>", "<script>alert(1)</script>", "<!-- rien -->"])
def test_marks_and_markup_alone_are_no_text(text: str) -> None:
    assert refusal(text, media="html" if "<" in text else "txt").code == "NO_TEXT"


def test_a_file_over_the_limit_is_refused_and_the_limit_named() -> None:
    error = refusal(b"a" * 1001, limits=Limits(upload=1000))
    assert isinstance(error, TooLarge)
    assert error.code == "TOO_LARGE"
    assert "20 MB" in refusal(b"a" * (20 * 1024 * 1024 + 1)).message


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"%PDF-1.7 ...", "a.txt", "PDF"),
        (b"PK\x03\x04rest", "a.txt", "ZIP"),
        (b"{\\rtf1 Bonjour}", "a.txt", "RTF"),
        (b"\x7fELF" + bytes(100), None, "program"),
        (bytes(range(256)) * 4, None, "binary"),
        (b"Bonjour", "a.docx", "plain text"),
        (b"<!DOCTYPE html><p>Bonjour", "a.txt", "HTML"),
    ],
)
def test_a_file_of_another_kind_is_refused_by_what_it_looks_like(data: bytes, name: str | None, says: str) -> None:
    error = refusal(data, filename=name)
    assert isinstance(error, WrongType)
    assert error.code == "TYPE_MISMATCH"
    assert says in error.message


@pytest.mark.parametrize("char", ["\x00", "\x01", "\x0b", "\x1b", "\x1f", "\ufffe", "\uffff", "\ud800"])
def test_a_control_character_is_refused_with_its_place(char: str) -> None:
    error = refusal(f"Bonjour\nà t{char}ous", media="txt")
    assert error.code == "CONTROL_CHARACTER"
    assert error.where == "line 2, character 4"
    assert f"U+{ord(char):04X}" in error.message


def test_a_megabyte_without_a_sentence_end_is_refused_with_its_place() -> None:
    error = refusal("Titre\n\n" + "le conseil, " * 90_000)
    assert error.code == "SEGMENT_TOO_LONG"
    assert error.where == "line 3, character 1"


def test_a_megabyte_in_one_line_of_sentences_is_read() -> None:
    document = read((FRENCH * 9_500).encode())
    assert sum(len(block.segments) for block in document.blocks) == 9_500


@pytest.mark.parametrize(("unit", "media"), [("mot\n\n", "txt"), ("Un mot. ", "txt"), ("<p>mot", "html")])
def test_too_many_segments_are_refused(unit: str, media: str) -> None:
    error = refusal(unit * 200_000, media=media)
    assert isinstance(error, TooLarge)
    assert error.code == "TOO_MANY_SEGMENTS"


def test_ten_thousand_marks_on_one_letter_are_refused() -> None:
    error = refusal("Titre\n\nVoici un e" + "\u0301" * 9_000 + " suspect.")
    assert error.code == "SEGMENT_SUSPICIOUS"
    assert error.where.startswith("line 3")


def test_decomposed_accents_soft_hyphens_and_direction_marks_are_kept() -> None:
    text = "Re\u0301union du co\u00admite\u0301 \u202eabc\u202c fi\ufb01n"
    assert read(text.encode()).rebuild() == text


@pytest.mark.parametrize(
    ("text", "expected", "says"),
    [
        (ENGLISH * 3, "fr", "English"),
        (ENGLISH, "fr", "English"),
        (FRENCH * 3, "en", "French"),
        (GERMAN * 3, "fr", "German"),
        (FRENCH * 2 + "\n\n" + ENGLISH * 2, "fr", "only part"),
        ("北约和俄罗斯同意推进伙伴关系。部长们星期五在布鲁塞尔举行会议讨论安全问题。", "fr", "Chinese"),
    ],
)
def test_another_language_than_expected_is_refused_and_named(text: str, expected: str, says: str) -> None:
    error = refusal(text, expect=expected)
    assert error.code == "LANGUAGE_DOUBT"
    assert says in error.message


@pytest.mark.parametrize("text", ["Left to right", "OTAN", "Press release", FRENCH * 4 + "\n\n" + ENGLISH])
def test_a_few_words_or_a_caption_in_english_raise_no_doubt(text: str) -> None:
    assert read(text.encode(), expect="fr").blocks


def test_without_an_expected_language_nothing_is_refused_for_it() -> None:
    assert read(ENGLISH.encode()).blocks


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_byte_order_mark_decides_the_encoding(encoding: str) -> None:
    decoded = decode(encode(FRENCH, encoding, bom=True))
    assert (decoded.text, decoded.encoding, decoded.bom) == (FRENCH, encoding, True)


@given(st.text(st.characters(codec="utf-8"), min_size=2), st.sampled_from(["utf-8", "utf-16-le", "utf-16-be"]))
def test_what_was_decoded_is_encoded_to_the_same_bytes(text: str, encoding: str) -> None:
    data = encode(text, encoding, bom=True)
    decoded = decode(data)
    assert encode(decoded.text, decoded.encoding, bom=decoded.bom) == data


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_or_come_back_as_they_were(data: bytes) -> None:
    try:
        decoded = decode(data)
    except InputError as error:
        assume(error.code != "ENCODING_UNCLEAR")
        raise
    if not any("\ud800" <= char <= "\udfff" for char in decoded.text):  # those the guard names
        assert encode(decoded.text, decoded.encoding, bom=decoded.bom) == data


def test_windows_1252_is_read_and_noted() -> None:
    text = "L’« accord » de l’été : 3 € – déjà signé… QUALITÉ\u00a0!"
    document = read(text.encode("cp1252"))
    assert (document.rebuild(), document.encoding, document.notes) == (text, "cp1252", ("read as cp1252",))


@pytest.mark.parametrize(
    "data",
    [
        "Réunion d’été".encode() + "à Genève".encode("cp1252"),
        FRENCH.encode("utf-16-le"),
        FRENCH.encode("utf-16-be"),
        b"\xff\xfea\x00b",
        "Réunion à Genève, déjà".encode("mac-roman"),
        "Привет, министры".encode("cp1251"),
    ],
    ids=["mixed", "utf-16-le", "utf-16-be", "half a unit", "mac", "cyrillic"],
)
def test_an_unclear_encoding_is_refused(data: bytes) -> None:
    assert refusal(data).code == "ENCODING_UNCLEAR"


def test_mixed_encodings_are_shown_in_both_readings() -> None:
    error = refusal("Réunion".encode() + b" \xe0 Gen\xe8ve")
    assert "Réunion" in error.message
    assert "RÃ©union" in error.message
