"""What Envoy's HTTP listeners have in common."""

from gateway.clusters import certificate, socket_address
from gateway.parts import Config, extension, seconds, typed
from gateway.replies import local_replies
from gateway.target import Address, Identity

# What a request may buffer on its way through one filter chain, both directions.
BUFFER_BYTES = 1 << 20

# The largest file that Envoy itself answers with: the API's description, the web app's script.
PUBLIC_FILE_BYTES = 4 << 20

ROUTER = extension("filters.http.router", "extensions.filters.http.router.v3.Router")


def listener(name: str, address: Address, connections: Config, tls: Config | None = None) -> Config:
    """A TCP listener with one HTTP connection manager."""
    chain: Config = {"filters": [connections]}
    if tls:
        chain["transport_socket"] = tls
    return {
        "name": name,
        "address": socket_address(address),
        "per_connection_buffer_limit_bytes": BUFFER_BYTES,
        "filter_chains": [chain],
    }


def connection_manager(name: str, filters: list[Config], virtual_hosts: list[Config], **more: object) -> Config:
    """An HTTP connection manager, hardened as Envoy's guide for edge proxies says."""
    return extension(
        "filters.network.http_connection_manager",
        "extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        **{
            "stat_prefix": name,
            "codec_type": "AUTO",
            "server_name": "skillsync",
            "normalize_path": True,
            "merge_slashes": True,
            "path_with_escaped_slashes_action": "REJECT_REQUEST",
            "common_http_protocol_options": {
                "headers_with_underscores_action": "REJECT_REQUEST",
                "idle_timeout": seconds(300),
                "max_headers_count": 100,
            },
            "http2_protocol_options": {
                "max_concurrent_streams": 100,
                "initial_stream_window_size": 65536,
                "initial_connection_window_size": BUFFER_BYTES,
                "connection_keepalive": {"interval": seconds(30), "timeout": seconds(10)},
            },
            "request_headers_timeout": seconds(10),
            "stream_idle_timeout": seconds(60),
            "generate_request_id": True,
            "always_set_request_id_in_response": True,
            "local_reply_config": local_replies(),
            "access_log": [access_log(name)],
            "http_filters": [*filters, ROUTER],
            "route_config": {
                "name": name,
                "virtual_hosts": virtual_hosts,
                "validate_clusters": False,
                "max_direct_response_body_size_bytes": PUBLIC_FILE_BYTES,
            },
        }
        | more,
    )


def access_log(listener_name: str) -> Config:
    """One JSON line per request on standard output; no query string, which may hold what a person typed."""
    fields = {
        "time": "%START_TIME(%Y-%m-%dT%H:%M:%S.%3fZ)%",
        "log": f"access.{listener_name}",
        # As the caller sent them: the transcoder makes every call a POST to the method of `rpc`.
        "method": "%REQ(X-ENVOY-ORIGINAL-METHOD?:METHOD)%",
        "path": "%PATH(NQ:ORIG_OR_PATH)%",
        "rpc": "%PATH(NQ:PATH)%",
        "status": "%RESPONSE_CODE%",
        "grpc_status": "%GRPC_STATUS(SNAKE_STRING)%",
        "details": "%RESPONSE_CODE_DETAILS%",
        "flags": "%RESPONSE_FLAGS%",
        "duration_ms": "%DURATION%",
        "bytes_in": "%BYTES_RECEIVED%",
        "bytes_out": "%BYTES_SENT%",
        "upstream": "%UPSTREAM_CLUSTER%",
        "request_id": "%REQ(X-REQUEST-ID)%",
        "client": "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%",
        "peer": "%DOWNSTREAM_PEER_URI_SAN%",
        "protocol": "%PROTOCOL%",
    }
    log = extension(
        "access_loggers.stdout",
        "extensions.access_loggers.stream.v3.StdoutAccessLog",
        log_format={"json_format": fields},
    )
    return log | {"filter": {"not_health_check_filter": {}}}


def server_tls(identity: Identity, *, client_certificates: bool) -> Config:
    """TLS for a listener; with `client_certificates` nobody without one of our authority gets in."""
    context: Config = {
        "alpn_protocols": ["h2"] if client_certificates else ["h2", "http/1.1"],
        "tls_params": {"tls_minimum_protocol_version": "TLSv1_3" if client_certificates else "TLSv1_2"},
        "tls_certificates": [certificate(identity.cert, identity.key)],
    }
    if client_certificates:
        context["validation_context"] = {"trusted_ca": {"filename": str(identity.ca)}}
    return extension(
        "transport_sockets.tls",
        "extensions.transport_sockets.tls.v3.DownstreamTlsContext",
        require_client_certificate=client_certificates,
        common_tls_context=context,
    )


def rbac(stat_prefix: str, action: str, policies: Config) -> Config:
    """A role-based access filter; instances are told apart by their statistics."""
    return {
        "name": f"envoy.filters.http.rbac.{stat_prefix}",
        "typed_config": typed(
            "extensions.filters.http.rbac.v3.RBAC",
            rules={"action": action, "policies": policies},
            rules_stat_prefix=stat_prefix,
        ),
    }
