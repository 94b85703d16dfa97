"""What can go wrong and is not a bug.

ReadlistError
├── UsageError       the request itself cannot be met as written (exit 2)
│   └── AmbiguousError   a handle fits several papers
├── ConfigError      the settings file: all its problems at once
├── LibraryError     the database cannot be opened, read or written
│   └── NotFoundError    no such paper
├── FormatError      a file that cannot be read at all
└── SourceError      a service cannot be asked, or did not answer as it should
    ├── OfflineError     the network is not to be used
    └── StoppedError     the owner has ended the command

Each message is one line that names the thing and says what to do. Anything else that is
raised is a bug and shows its traceback.
"""

from collections.abc import Sequence


class ReadlistError(Exception):
    """Shown to the user as `Error: …`; the command exits with `exit_code`."""

    exit_code = 1


class UsageError(ReadlistError):
    exit_code = 2


class AmbiguousError(UsageError):
    """A handle that fits several papers; `candidates` are lines to choose from."""

    def __init__(self, message: str, candidates: Sequence[str]) -> None:
        super().__init__("\n".join([message, *(f"  {line}" for line in candidates)]))


class ConfigError(ReadlistError):
    exit_code = 2


class LibraryError(ReadlistError):
    pass


class NotFoundError(LibraryError):
    pass


class FormatError(ReadlistError):
    pass


class SourceError(ReadlistError):
    """`status` is that of the service's answer, 0 when there was none."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class OfflineError(SourceError):
    pass


class StoppedError(SourceError):
    pass
