"""Which terms to name to a reader: those that say something, and none twice."""

from collections.abc import Iterable

# Function words. They are features like all others, since with them the model ranks better, but
# no reason to give. The lists that come with libraries also hold words that carry meaning here
# ("system", "few" as in few-shot, "one", "side", "fire"), and change between releases.
_STOP_WORDS = """
about above according across after afterwards again against al all almost along already also
although always am among amongst an and another any anything anyway are aren around as at be became
because become becomes been before beforehand behind being below beside besides between beyond both
but by can cannot could couldn did didn do does doesn doing don done due during each eg either else
elsewhere enough especially et etc even ever every everything everywhere except for former formerly
from further furthermore get give given gives go had has hasn have haven having he hence her here
hereafter hereby herein hers herself him himself his how however ie if in indeed instead into is
isn it its itself just last latter latterly least less let lets ltd made make makes making many may
maybe me meanwhile might more moreover most mostly much must my myself namely neither nevertheless
next no nor not nothing now nowhere of off often on once only onto or other others otherwise our
ours ourselves out over own per perhaps please rather re regarding respectively same seem seemed
seeming seems several shall she should shown shows since so some somehow something sometime
sometimes somewhat somewhere still such take taken takes than that the their theirs them themselves
then thence there thereafter thereby therefore therein thereof these they this those though through
throughout thru thus to together too toward towards under unless until up upon us use used uses
using various very via vs was wasn we well were weren what whatever when whence whenever where
whereas whereby wherein wherever whether which while who whoever whole whom whose why will with
within without won would wouldn yet you your yours yourself yourselves
"""
_STOP = frozenset(_STOP_WORDS.split())
# Words of every other abstract, which only say something beside another: "one shot", "world model".
_ALONE_WORDS = """
one two three four five six seven eight nine ten first second third new novel paper papers work works
study studies result results method methods approach approaches model models problem problems propose
proposed proposes present presents introduce introduces show demonstrate experiments performance
existing previous recent state
"""
_ALONE = frozenset(_ALONE_WORDS.split())


def telling(term: str) -> bool:
    """Whether a term says something to a reader: it neither begins nor ends with a function word
    or a number, and is no word that says nothing alone.
    """
    if term in _ALONE:
        return False
    words = term.split(" ")
    return not any(word in _STOP or word.isdigit() for word in (words[0], words[-1]))


def stems(term: str) -> set[str]:
    """The words of a term, the same for one and many of a thing."""
    return {word.removesuffix("s") for word in term.split()}


def distinct(terms: Iterable[str], number: int) -> list[str]:
    """The first so many terms that have no word in common."""
    found: list[str] = []
    for term in terms:
        if len(found) == number:
            break
        if not any(stems(term) & stems(other) for other in found):
            found.append(term)
    return found
