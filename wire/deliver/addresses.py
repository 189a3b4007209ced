"""Which addresses an endpoint may be reached at. Pure.

An endpoint's name is somebody else's to resolve: it may point into our own network, or at the machine's
metadata service. So the address is checked, not the name, each time a connection is made.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

#: Metadata services of cloud machines outside the link-local ranges; no network opens these.
_METADATA = frozenset(
    (ip_address("100.100.100.200"), ip_address("fd00:ec2::254"), ip_address("168.63.129.16"))
)
_NAT64 = ip_network("64:ff9b::/96")
_BROADCAST = IPv4Address("255.255.255.255")


@lru_cache(maxsize=1024)
def parsed(text: str) -> Address:
    """An address in digits. Raises ValueError."""
    return ip_address(text)


def refusal(address: Address, networks: Sequence[Network] = (), *, strangers: bool = False) -> str | None:
    """Why an address must not be connected to; None when it may.

    Loopback and public addresses are open, others only when one of ``networks`` holds them. Link-local,
    metadata, multicast and unspecified addresses are never open. An IPv4 address inside an IPv6 one
    (mapped, NAT64, 6to4, Teredo) is judged as what it is; both must be open.

    strangers  somebody else chose the address, so loopback is open as little as other private addresses
    """
    reasons = (_reason(one, networks, strangers) for one in (address, *_inner(address)))
    return next((reason for reason in reasons if reason is not None), None)


def _reason(address: Address, networks: Sequence[Network], strangers: bool) -> str | None:
    if address.is_link_local or address in _METADATA:
        return f"{address} is a link-local or metadata address, which is never allowed"
    if address.is_multicast or address.is_unspecified or address == _BROADCAST:
        return f"{address} is no address of a single machine"
    if (address.is_loopback and not strangers) or address.is_global or _is_wrapper(address):
        return None
    if any(address in network for network in networks if network.version == address.version):
        return None
    return f"{address} is a private address; list its network in networks to allow it"


def _is_wrapper(address: Address) -> bool:
    return bool(_inner(address))


def _inner(address: Address) -> tuple[IPv4Address, ...]:
    """The IPv4 addresses that an IPv6 address stands for."""
    if isinstance(address, IPv4Address):
        return ()
    if address.ipv4_mapped is not None:
        return (address.ipv4_mapped,)
    if address.sixtofour is not None:
        return (address.sixtofour,)
    if address.teredo is not None:
        return address.teredo
    if address in _NAT64:
        return (IPv4Address(int(address) & 0xFFFFFFFF),)
    return ()
