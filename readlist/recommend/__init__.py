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

Nothing here reads a file, a database or a clock. scikit-learn takes most of a second to import;
the other modules need numpy and scipy.sparse alone, so what is cached can be used without it.
"""
