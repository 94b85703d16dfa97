"""What arXiv answers about two papers that do not exist."""


def entry(id: str, title: str, year: int = 2017) -> str:
    return (
        f"<entry><id>http://arxiv.org/abs/{id}v1</id><title>{title}</title>"
        f"<published>{year}-06-12T17:57:34Z</published><summary>We do.</summary>"
        "<author><name>Ann Ode</name></author></entry>"
    )


def atom(*entries: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>arXiv Query</title>{''.join(entries)}</feed>"
    )


SHEEP = entry("1706.03762", "Counting Sheep Is All You Need")
GOATS = entry("1706.03763", "Counting Goats Is All You Need")
