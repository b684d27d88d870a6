"""Generations: the index of a large memory as immutable arrays in a file, mapped by every process of a machine.

    build.build        units in, a folder `generation-<number>` out: whole or not at all
    index              GenerationIndex: the arrays of one generation, opened in milliseconds and searched
    part               rows that can be searched, mapped or in memory
    following          FollowingIndex: a generation, and what changed since
    files              the folder: the manifest, its checksums, GenerationDamaged; writer: how it is made
    rows               texts as numbered words, sorted by length, with their postings and sketches
    search             the compiled search, with plan, candidates and compare
    reading            the compiled reading of ordinary texts; texts: what it is given
    encoding           words to numbers, with vocabulary

Importing `index`, `following` or `build` loads numba. `index.prepare` compiles everything once for all processes.
"""
