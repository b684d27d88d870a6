"""What translates what, learned from the memory itself: a word alignment model of both directions.

    training.train     pairs in, Lexicon out
    corpus             the pairs, chosen, read and numbered
    model              Lexicon: links of a pair, translations of a word
    words              vocabularies
    files              the arrays in a folder: manifest, checksums, LexiconDamaged

Importing any of them loads numpy, importing this package does not.
"""
