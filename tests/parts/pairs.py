"""Pairs of any texts, for tests of exchange formats."""

from __future__ import annotations

from hypothesis import strategies as st

from tm.types import Context, Kept, Pair, Provenance

TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")
    | st.sampled_from(list("\n\r\t<>&\"']")),
    min_size=1,
).filter(lambda text: text.strip() != "")
PAIRS = st.builds(
    Pair,
    TEXT,
    TEXT,
    st.builds(
        Provenance,
        document=TEXT,
        position=st.none() | st.integers(0, 99_999),
        person=st.none() | st.sampled_from(["Anna", 'O’Neil "Jo" & Cie']),
        date=st.none() | st.sampled_from(["2024-03-12", "2009-12-04T14:12:00Z"]),
        context=st.builds(
            Context,
            st.sampled_from([None, "", "0123456789abcdef"]),
            st.sampled_from([None, "", "fedcba9876543210"]),
            st.sampled_from([None, "title", "list-item"]),
        ),
        origin=st.sampled_from(["imported", "aligned"]),
    ),
    st.builds(
        Kept,
        st.sampled_from(["", "17", "a&b"]),
        st.integers(0, 99_999),
        st.none() | st.sampled_from(["2024-03-12", "2009-12-04T14:12:00Z"]),
    ),
)
