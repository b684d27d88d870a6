"""Checks of a translation against its source: what a second reader would find.

check       all findings of a segment
findings    Finding, Mend, and the table of codes
values      figures, dates, amounts and addresses, compared by value
marks       quotation marks, spaces, brackets, the mark at the end
terms       what a glossary has otherwise
words       what was left in French, acronyms, words written twice
edges       how a translation begins, letters of another script, a speaker who was lost
unseen      characters that show nothing
shape       length and number of sentences
"""

from tm.checks.check import check
from tm.checks.findings import CODES, RELEASE_CODES, Finding, Mend, Severity

__all__ = ["CODES", "RELEASE_CODES", "Finding", "Mend", "Severity", "check"]
