"""What to read next: pure functions of values, from texts and opinions to picks with reasons.

    features  text -> term counts                          (imports scikit-learn)
    pool      counts -> TF-IDF weighted by the pool
    labels    what the owner did -> likes and dislikes
    learn     pool and labels -> model, calibration        (imports scikit-learn)
    model     model and counts -> scores, match, probability
    picks     scored candidates -> picks without repetition
    reasons   why a pick was put forward                   (imports scikit-learn)
    choose    all of these after training -> picks         (imports scikit-learn)
    fallback  picks before there is anything to learn from (imports nothing)
    arrays    counts and models <-> bytes for a cache
    similar   papers like some others, with what they share (imports scikit-learn)

    history     acts -> days, what was known before and decided on them (imports nothing)
    replay      days held out, ordered by what was known before them (imports scikit-learn)
    evaluation  how good the orders were, and how sure that is (imports scikit-learn)

Nothing here reads a file, a database or a clock. scikit-learn takes most of a second to import;
the other modules need numpy and scipy.sparse alone, so what is cached can be used without it.
"""
