"""Free ports for a stack, the same ones at every start as long as nobody else took them."""

import socket
from collections.abc import Iterable, Mapping

LOOPBACK = "127.0.0.1"
# SeaweedFS opens a gRPC port this much above each HTTP port.
SEAWEED_GRPC_OFFSET = 10_000
# Below the range that the kernel hands out to outgoing connections, or one of those could sit on a port we remembered.
FIRST, LAST = 15_000, 29_000

# What a person types; everything else may be anywhere.
PREFERRED = {"edge": 8080}


class PortTakenError(Exception):
    """A port that was asked for by number is in use."""


def choose(names: Iterable[str], remembered: Mapping[str, int], fixed: Mapping[str, int]) -> dict[str, int]:
    """A port for each name: the fixed one, else the remembered one, else the preferred one, else any that is free."""
    chosen: dict[str, int] = {}
    for name in names:
        if name in fixed:
            chosen[name] = _fixed(name, fixed[name])
            continue
        wishes = [ports[name] for ports in (remembered, PREFERRED) if name in ports]
        chosen[name] = next((port for port in wishes if _usable(port, chosen)), 0) or _any(chosen)
    return chosen


def is_free(port: int) -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def _fixed(name: str, port: int) -> int:
    if not is_free(port):
        raise PortTakenError(f"Port {port} for {name} is in use; stop what listens there or choose another port.")
    return port


def _usable(port: int, chosen: Mapping[str, int]) -> bool:
    return port not in chosen.values() and is_free(port) and is_free(port + SEAWEED_GRPC_OFFSET)


def _any(chosen: Mapping[str, int]) -> int:
    # A different corner for every process, so that two stacks that start together do not want the same port.
    import random

    for port in random.sample(range(FIRST, LAST), LAST - FIRST):
        if _usable(port, chosen):
            return port
    raise PortTakenError(f"No port between {FIRST} and {LAST} is free.")
