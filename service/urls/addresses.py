"""Which addresses of the network may be reached at all: those that anybody on the internet could reach."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# what Python calls global and no page lies at: protocol assignments (metadata at Oracle), relays of 6to4, Azure's wire
# server
_CLOSED_4 = tuple(map(IPv4Network, ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32")))
_GLOBAL_6 = IPv6Network("2000::/3")
# protocol assignments with Teredo and ORCHID, and documentation
_CLOSED_6 = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "3fff::/20")))
_NAT64 = IPv6Network("64:ff9b::/96")


def parse(text: str) -> Address | None:
    """The address that `text` writes in full, or None. An address with a zone (`fe80::1%eth0`) is none."""
    try:
        return None if "%" in text else ip_address(text)
    except ValueError:
        return None


def unwrap(address: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for (mapped, compatible, NAT64, 6to4), else the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    low = IPv4Address(int(address) & 0xFFFFFFFF)
    compatible = int(address) >> 32 == 0
    return low if compatible or address in _NAT64 else address


def is_public(address: Address) -> bool:
    """Whether the address, unwrapped, is one of the open internet: nothing private, local, reserved or multicast."""
    inner = unwrap(address)
    if inner.is_multicast or inner.is_reserved or inner.is_unspecified or not inner.is_global:
        return False
    if isinstance(inner, IPv4Address):
        return not any(inner in network for network in _CLOSED_4)
    return inner in _GLOBAL_6 and not any(inner in network for network in _CLOSED_6)


def never(address: Address) -> bool:
    """Addresses that no setting opens: link-local (where clouds keep their secrets), multicast, reserved."""
    inner = unwrap(address)
    reserved = inner.is_reserved and not inner.is_loopback
    return inner.is_link_local or inner.is_multicast or inner.is_unspecified or reserved


def network(text: str) -> Network | None:
    """The network or single address that `text` writes, or None."""
    try:
        return ip_network(text, strict=True)
    except ValueError:
        return None
