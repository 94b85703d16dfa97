"""What the network needs of this machine: a place for its cache, and keys of services."""

import os
from contextlib import suppress


def cache_folder() -> str:
    """Where answers are kept, and when each service was last asked, for all libraries."""
    import platformdirs

    return platformdirs.user_cache_dir("readlist", appauthor=False)


def key(service: str) -> str:
    """The key of a service: READLIST_S2_KEY and the like, else the keyring's, else `""`.

    The keyring is asked where the package `keyring` is installed, for the user name `s2` and
    the like of `readlist`.
    """
    if found := os.environ.get(f"READLIST_{service.upper()}_KEY"):
        return found
    with suppress(ImportError):
        import keyring
        from keyring.errors import KeyringError

        with suppress(KeyringError):
            return keyring.get_password("readlist", service) or ""
    return ""
