"""What the name of a venue, or of a kind of thesis, says. Pure."""

import re

# Servers that publish nothing themselves. Hal Leonard is a publisher.
_SERVER = re.compile(
    r"(?:e-?|pre-?)prints?\b|ar ?xiv|\w*rxiv|corr\b|computing research repository|ssrn"
    r"|social science research network|osf\b|research square|hal\b(?! leonard)|openreview|authorea"
    r"|zenodo|(?:iacr )?cryptol(?:ogy|\.) e-?print",
    re.IGNORECASE,
)
# What people write when nobody has published it yet.
_UNPUBLISHED = re.compile(
    r"(?:to be )?submitted\b|under review|in preparation|unpublished|manuscript\b", re.IGNORECASE
)
_MASTERS = re.compile(r"master|diplom|bachelor|\bm\.?\s?(?:sc|phil|eng|a|s)\b", re.IGNORECASE)


def is_preprint_server(venue: str) -> bool:
    return _SERVER.match(venue) is not None


def is_unpublished(venue: str) -> bool:
    """Whether what stands for a venue is a preprint server or says that there is none yet."""
    return is_preprint_server(venue) or _UNPUBLISHED.match(venue) is not None


def is_masters(kind: str) -> bool:
    """Whether a kind of thesis, as `M.Sc.`, comes before a doctorate."""
    return _MASTERS.search(kind) is not None
