"""The listener that gives the token filter the user service's public keys as JSON.

The keys come from a gRPC method, the filter reads HTTP: a listener without a port transcodes between them. It is an
abstract Unix socket and not one of Envoy's internal listeners, because the filter fetches on Envoy's main thread, where
internal listeners cannot be reached.
"""

import base64

from gateway.clusters import KEYS_LISTENER, keys_address
from gateway.contract import Contract
from gateway.http import connection_manager
from gateway.parts import Config, extension, seconds
from gateway.target import Target

JWKS_PATH = "/v1/.well-known/jwks.json"
JWKS_URL = f"http://{KEYS_LISTENER}{JWKS_PATH}"


def keys_listener(target: Target, contract: Contract) -> Config:
    """The listener; it serves one method."""
    method = next(m for m in contract.methods if any(b.path == JWKS_PATH for b in m.bindings))
    transcoder = extension(
        "filters.http.grpc_json_transcoder",
        "extensions.filters.http.grpc_json_transcoder.v3.GrpcJsonTranscoder",
        proto_descriptor_bin=base64.b64encode(contract.descriptors_of(method.full_service)).decode(),
        services=[method.full_service],
        convert_grpc_status=True,
    )
    route = {"match": {"path": method.path}, "route": {"cluster": method.service, "timeout": seconds(5)}}
    host = {"name": KEYS_LISTENER, "domains": ["*"], "routes": [route]}
    connections = connection_manager(KEYS_LISTENER, [transcoder], [host])
    address = keys_address(target)
    return {"name": KEYS_LISTENER, "address": address, "filter_chains": [{"filters": [connections]}]}
