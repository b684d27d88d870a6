"""Glossaries: the terms of a text found in whatever form they stand, and a translation judged by them.

inflection  the forms of a word: number, gender, verbs; what is the same word and what is only akin
words       a text as the words that terms are made of
finder      many terms of one language, found in a text in one pass
glossary    Glossary, and what it finds in a source and its translation
"""

from tm.terms.glossary import Found, Glossary, Said, Standing, Used, rendering

__all__ = ["Found", "Glossary", "Said", "Standing", "Used", "rendering"]
