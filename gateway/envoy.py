"""Renders Envoy's bootstrap: `python -m gateway.envoy laptop|compose|aws`.

The contracts say which methods exist, who may call them and how long they take; `gateway.target` says where the
gateway runs. Nothing about a method is written here a second time.
"""

import argparse
import json
import os
import sys
from importlib import resources
from pathlib import Path

from gateway.clusters import admin_cluster, keys_cluster, service_cluster, socket_address
from gateway.contract import SERVICES, Contract, load_contract
from gateway.edge import edge_listener
from gateway.http import connection_manager, listener
from gateway.keys import keys_listener
from gateway.mesh import mesh_listener
from gateway.parts import Config, extension
from gateway.target import ADMIN_PORT, EDGE_PORT, MESH_PORT, SERVICE_PORT, Address, Target, aws, compose, laptop

LOOPBACK = "127.0.0.1"
# Past this Envoy refuses connections instead of running out of file descriptors.
MAX_CONNECTIONS = 10_000


def bootstrap(target: Target, contract: Contract) -> Config:
    """Envoy's whole configuration as a JSON document."""
    listeners = [edge_listener(target, contract), mesh_listener(target, contract), keys_listener(target, contract)]
    clusters = [service_cluster(target, service) for service in target.upstreams]
    if target.metrics:
        listeners.append(_metrics_listener(target.metrics))
        clusters.append(admin_cluster(target.admin))
    return {
        "node": {"id": f"gateway-{target.name}", "cluster": "gateway"},
        "admin": {"address": socket_address(target.admin)},
        "static_resources": {"listeners": listeners, "clusters": [*clusters, keys_cluster(target)]},
        "overload_manager": _overload(),
    }


def _metrics_listener(address: Address) -> Config:
    """Prometheus's path of the admin interface and nothing else of it."""
    route = {"match": {"path": "/stats/prometheus"}, "route": {"cluster": "admin"}}
    host = {"name": "metrics", "domains": ["*"], "routes": [route]}
    return listener("metrics", address, connection_manager("metrics", [], [host], access_log=[]))


def _overload() -> Config:
    monitor = extension(
        "resource_monitors.global_downstream_max_connections",
        "extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig",
        max_active_downstream_connections=MAX_CONNECTIONS,
    )
    return {"resource_monitors": [monitor]}


def repository_contract() -> Contract:
    """The contract of the installed `skillsync-contracts`, with the time limits that every client has too."""
    descriptors = Path(str(resources.files("skillsync").joinpath("descriptors.binpb")))
    return load_contract(descriptors, Path(__file__).parent.parent / "protos" / "service_config.json")


def named_target(name: str) -> Target:
    """A target with its usual addresses; `SKILLSYNC_ORIGINS` lists browser origins as regexes between spaces."""
    origins = tuple(os.environ.get("SKILLSYNC_ORIGINS", "").split())
    if name == "laptop":
        return laptop(
            certificates=Path(".skillsync/certificates"),
            upstreams={service: Address(LOOPBACK, SERVICE_PORT + i) for i, service in enumerate(SERVICES)},
            edge=Address(LOOPBACK, EDGE_PORT),
            mesh=Address(LOOPBACK, MESH_PORT),
            admin=Address(LOOPBACK, ADMIN_PORT),
        )
    return compose(origins=origins) if name == "compose" else aws(origins=origins)


def main() -> None:
    """Writes one target's configuration to standard output."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    arguments.add_argument("target", choices=("laptop", "compose", "aws"))
    name: str = arguments.parse_args().target
    json.dump(bootstrap(named_target(name), repository_contract()), sys.stdout, indent=1)


if __name__ == "__main__":
    main()
