"""`python -m readlist` is the same program as `readlist`."""

from .cli import main

main()
