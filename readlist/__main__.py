"""The program, as `readlist` and as `python -m readlist`."""

import os
import signal
import sys


def main() -> None:
    """Run the command line.

    While it is loading there is nothing to save, and Ctrl-C ends it without a word.
    """
    handler = signal.getsignal(signal.SIGINT)
    if handler is signal.default_int_handler:  # else whoever started us ignores it
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed; the library must not get its file descriptor
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115
    from .cli import readlist

    signal.signal(signal.SIGINT, handler)
    readlist(prog_name="readlist")


if __name__ == "__main__":
    main()
