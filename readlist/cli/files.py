"""Files that are written whole or not at all."""

import os
import tempfile
from collections.abc import Iterable

from ..errors import ReadlistError


def replace_file(path: str, parts: Iterable[str]) -> bool:
    """Replace a file at once, or leave it alone where nothing changes; whether it was written.

    :raises ReadlistError: it cannot be written; what was there is intact.
    """
    path = os.path.realpath(path)
    try:
        if os.path.exists(path) and not os.path.isfile(path):  # a pipe, a device: nothing to keep
            with open(path, "w", encoding="utf-8", newline="\n") as out:
                out.writelines(parts)
            return True
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", newline="\n", dir=os.path.dirname(path), delete=False
        ) as out:
            try:
                out.writelines(parts)
                out.flush()
                os.fsync(out.fileno())
                if _same(path, out.name):
                    os.unlink(out.name)
                    return False
                os.chmod(out.name, os.stat(path).st_mode if os.path.exists(path) else _mode())
                os.replace(out.name, path)
            except BaseException:
                os.unlink(out.name)
                raise
    except OSError as error:
        raise ReadlistError(f"cannot write {path}: {error.strerror}") from error
    return True


def _mode() -> int:
    """The permissions of a new file."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _same(one: str, other: str) -> bool:
    import filecmp

    return os.path.exists(one) and filecmp.cmp(one, other, shallow=False)
