"""How good the memory is: proposals for documents that it has not seen, beside what people wrote.

    split       documents held out by date
    proposals   held-out pairs in, outcomes out: the best match raw, localised and repaired
    scores      BLEU, chrF and TER of texts (sacrebleu)
    table       outcomes in, one row for each band of match rates

Importing any of them loads neither numpy nor sacrebleu.
"""
