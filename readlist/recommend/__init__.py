"""What to read next: pure functions of values, from texts and opinions to picks with reasons.

    features     text -> terms and facts
    pool         features -> vectors, weighted by the pool
    labels       what the owner did -> likes and dislikes
    learn        pool and labels -> model               (imports scikit-learn)
    calibration  held-out scores -> probabilities       (imports scikit-learn)
    model        model and features -> scores, match, probability
    interests    plain words -> the papers that are about them
    picks        scored candidates -> picks without repetition, and some to explore
    account      a paper's score -> what every feature and leaning adds to it
    why          that, what is near the paper, and what would raise its score
    reasons      why a pick was put forward, in a line or two
    asking       what to ask about, so that most is learned from the answers
    sitting      the queue of a triage, ordered anew after each answer (imports scikit-learn)
    choose       all of these after training -> picks
    similar      papers like others
    wording      which terms to name to a reader
    grouping     likes -> groups, among which picks are dealt out
    topics       likes -> groups with names
    history, replay, evaluation  how well it would have done
    fallback     picks before there is anything to learn from (imports nothing)
    arrays       features and models <-> bytes for a cache

Nothing here reads a file, a database or a clock. scikit-learn takes most of a second to import;
the other modules need numpy and scipy.sparse alone, so what is cached can be used without it.
"""

# What is cached is keyed by this: it changes whenever features, or what is learned from them, would.
VERSION = "9"

CANDIDATES = 300  # of the best, among which picks are chosen
WANTED = 300  # the latest papers liked or kept, among which interests are told apart
