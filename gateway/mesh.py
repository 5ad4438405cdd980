"""The mesh listener: services call each other here, each with its own certificate."""

from collections import defaultdict

from gateway import routes
from gateway.clusters import IDENTITY_PREFIX
from gateway.contract import Contract, Method
from gateway.http import connection_manager, listener, rbac, server_tls
from gateway.parts import Config
from gateway.target import Target


def mesh_listener(target: Target, contract: Contract) -> Config:
    """Mutual TLS, the contracts' allow-list, and the caller's identity told to the service."""
    methods = [method for method in contract.methods if method.callers]
    host = {
        "name": "mesh",
        "domains": ["*"],
        "routes": [*map(routes.method_route, methods), routes.nothing_here()],
    }
    connections = connection_manager(
        "mesh",
        [rbac("mesh", "ALLOW", allow_list(methods))],
        [host],
        # What a caller says of itself is dropped; what its certificate says is passed on.
        forward_client_cert_details="SANITIZE_SET",
        set_current_client_cert_details={"uri": True},
        # A service's own request id goes on, so that one id follows a request through every log.
        preserve_external_request_id=True,
    )
    return listener("mesh", target.mesh, connections, server_tls(target.identity, client_certificates=True))


def allow_list(methods: list[Method]) -> Config:
    """One policy per calling service: the methods it may reach."""
    reachable: dict[str, list[str]] = defaultdict(list)
    for method in methods:
        for caller in method.callers:
            reachable[caller].append(method.path)
    return {caller: _policy(caller, sorted(paths)) for caller, paths in sorted(reachable.items())}


def _policy(caller: str, paths: list[str]) -> Config:
    identity = {"authenticated": {"principal_name": {"exact": IDENTITY_PREFIX + caller}}}
    return {"permissions": [{"url_path": {"path": {"exact": path}}} for path in paths], "principals": [identity]}
