"""What the administrator lets the fetch do: ports, limits, and the inner hosts that are open in spite of the rule."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from service.urls import addresses
from service.urls.addresses import Address, Network

if TYPE_CHECKING:
    from service.settings import Settings


@dataclass(frozen=True, slots=True)
class Opened:
    """An entry of FETCH_ALLOW: a host by its exact name, or a network, with exactly one port."""

    host: str
    network: Network | None
    port: int

    @classmethod
    def parse(cls, entry: str) -> Opened:
        """Read `host:port`, `10.1.0.0/16:80` or `[fd00::/8]:443`. Raises ValueError that says what it should be."""
        host, colon, port = entry.strip().rpartition(":")
        host = host.removeprefix("[").removesuffix("]").lower()
        if not colon or not host or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
            raise ValueError(f"“{entry}” should be HOST:PORT or NETWORK:PORT, such as press.intra:8080")
        return cls(host, addresses.network(host), int(port))


@dataclass(frozen=True, slots=True)
class Rules:
    """Bounds of one fetch: `seconds` and `size` (bytes, unpacked) are for the whole of it, redirects included."""

    agent: str = "Passerelle"
    seconds: float = 15
    connect_seconds: float = 5
    size: int = 20_000_000
    redirects: int = 5
    ports: tuple[int, ...] = (80, 443)
    opened: tuple[Opened, ...] = field(default=())

    @classmethod
    def of(cls, settings: Settings) -> Rules:
        """The rules of this installation."""
        contact = f" (+{settings.fetch_contact})" if settings.fetch_contact else ""
        return cls(
            agent=f"Passerelle/1{contact}",
            seconds=settings.fetch_seconds,
            size=settings.fetch_limit_mb * 1_000_000,
            ports=settings.fetch_ports,
            opened=tuple(Opened.parse(entry) for entry in settings.fetch_allow),
        )

    def opens_port(self, host: str, port: int) -> bool:
        """Whether a request to this port of the host can be allowed at all."""
        in_network = any(entry.network is not None and entry.port == port for entry in self.opened)
        return port in self.ports or in_network or self.opens_name(host, port)

    def opens_name(self, host: str, port: int) -> bool:
        """Whether the administrator has named this very host and port."""
        return any(entry.network is None and (entry.host, entry.port) == (host, port) for entry in self.opened)

    def opens(self, host: str, port: int, address: Address) -> bool:
        """Whether this address of the host may be connected to: it is public, or the administrator has opened it."""
        inner = addresses.unwrap(address)
        if addresses.never(address):
            return False
        if addresses.is_public(address) and port in self.ports:
            return True
        in_network = (e.network is not None and e.port == port and inner in e.network for e in self.opened)
        return self.opens_name(host, port) or any(in_network)
