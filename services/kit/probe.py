"""`python -m services.kit.probe host:port`: ends well if the server there is SERVING. Health checks of containers use it."""

import os
import sys
from pathlib import Path

import grpc
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_health.v1.health_pb2_grpc import HealthStub

SECONDS = 3.0


def serves(address: str) -> bool:
    """With the certificate of the service itself; its peers have the same authority."""
    names = ("SKILLSYNC_TLS_CA", "SKILLSYNC_TLS_KEY", "SKILLSYNC_TLS_CERT")
    authority, key, certificate = (Path(os.environ[name]).read_bytes() for name in names)
    options = [("grpc.ssl_target_name_override", "localhost")]
    with grpc.secure_channel(address, grpc.ssl_channel_credentials(authority, key, certificate), options) as channel:
        try:
            answer = HealthStub(channel).Check(HealthCheckRequest(), timeout=SECONDS)  # type: ignore[attr-defined]
        except grpc.RpcError:
            return False
        return bool(answer.status == HealthCheckResponse.SERVING)


if __name__ == "__main__":
    sys.exit(0 if serves(sys.argv[1]) else 1)
