"""Which units hold which words, in both languages: the inverted lists behind concordance.

    index         WordIndex, the protocol; WordLists, in plain Python
    reading       the words of a text with their places; stems: what the forms of a word have in common
    build         WordsBuilder: units in, one file of arrays in the folder of a generation out
    mapped        MappedWords: that file, opened in milliseconds and searched
    following     FollowingWords: a mapped file, and what changed since
    part          rows that can be searched, mapped or in memory; phrase: what is searched for
    lists         the arrays: vocabulary, stems, postings, bitmaps, sketches; search: the compiled search
    encoding      the compiled reading, words to numbers

Importing `build`, `mapped` or `following` loads numba. `mapped.prepare` compiles everything once for all processes.
"""
