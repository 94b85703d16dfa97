"""Which hosts and addresses belong to somebody's own network, where a URL of a stranger's must not
lead: a feed list could else make readlist speak to the router or to a cloud's metadata.
"""

import ipaddress
import socket
from contextlib import suppress

# Names that are not in the public DNS (RFC 6761, 6762, 8375, and what routers hand out).
_LOCAL = ("localhost", "local", "internal", "intranet", "lan", "home", "home.arpa", "localdomain")
_GLOBAL = ipaddress.ip_network("2000::/3")  # all of IPv6 that has been given out, RFC 4291
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: the last four bytes are IPv4


def is_private(address: str) -> bool:
    """Whether an IP address is not one of the public internet."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is None and ip not in _GLOBAL:
            return True
        ip = inner or ip
    return not ip.is_global or ip.is_multicast


def is_private_host(host: str) -> bool:
    """Whether a name or a literal address, in any spelling, says by itself that it is private.

    A public name may still lead to a private address.
    """
    host = host.rstrip(".").lower()
    with suppress(ValueError):
        return is_private(host.strip("[]"))
    with suppress(OSError):  # 2130706433, 0x7f.1, 0177.0.0.1: as the C library reads them
        return is_private(socket.inet_ntoa(socket.inet_aton(host)))
    return "." not in host or host.endswith(tuple(f".{name}" for name in _LOCAL))


def addresses_of(host: str, port: int) -> list[str]:
    """The addresses of a host, each once, as the system finds them.

    :raises OSError: there is none.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise OSError("not the name of a host") from error
    return list(dict.fromkeys(str(each[4][0]) for each in found))
