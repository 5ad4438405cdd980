"""The edge listener: browsers, recruiters' clients and grpcurl come in here."""

import base64

from gateway import routes
from gateway.clusters import KEYS_LISTENER
from gateway.contract import Contract
from gateway.fields import unknown_fields_filter
from gateway.http import connection_manager, listener, rbac, server_tls
from gateway.keys import JWKS_URL
from gateway.parts import Config, extension, seconds, typed
from gateway.replies import REQUEST_BYTES, UPLOAD_BYTES
from gateway.target import Target

# Room for what surrounds the file.
SLACK_BYTES = 64 << 10
# A file larger than this is not worth reading only to refuse it politely.
DRAINED_BYTES = 128 << 20
# How much of an address tells one client from another: a subscriber has a whole IPv6 /64 to call from.
CLIENT = {"v4_prefix_mask_len": 32, "v6_prefix_mask_len": 64}
TRANSCODER = "envoy.filters.http.grpc_json_transcoder"
TOKENS = "envoy.filters.http.jwt_authn"


def edge_listener(target: Target, contract: Contract) -> Config:
    """The listener with its filters in the order a request meets them."""
    filters = [
        _response_headers(target),
        _health("/healthz", clusters=()),
        _health("/readyz", clusters=tuple(target.upstreams)),
        extension("filters.http.cors", "extensions.filters.http.cors.v3.Cors"),
        _rate_limit(target),
        _size_limit(contract),
        extension("filters.http.grpc_web", "extensions.filters.http.grpc_web.v3.GrpcWeb"),
        unknown_fields_filter(contract),
        _transcoder(contract),
        # After the transcoder: its rules are gRPC paths, whether the request came as REST or as gRPC.
        _tokens(target, contract),
    ]
    connections = connection_manager(
        "edge",
        filters,
        [routes.edge_host(target, contract)],
        use_remote_address=True,
        xff_num_trusted_hops=target.trusted_hops,
        forward_client_cert_details="SANITIZE",
        request_timeout=seconds(120),
        early_header_mutation_extensions=[_forget_internal_headers()],
    )
    tls = server_tls(target.edge_identity, client_certificates=False) if target.edge_identity else None
    return listener("edge", target.edge, connections, tls)


def _forget_internal_headers() -> Config:
    """A stranger must not set what only Envoy may tell a service."""
    prefixes = ("x-envoy-", "x-skillsync-")
    return extension(
        "http.early_header_mutation.header_mutation",
        "extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation",
        mutations=[{"remove_on_match": {"key_matcher": {"prefix": prefix}}} for prefix in prefixes],
    )


def _response_headers(target: Target) -> Config:
    headers = {
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
        "cache-control": "no-store",
    }
    if target.edge_identity:
        headers["strict-transport-security"] = "max-age=31536000; includeSubDomains"
    mutations: list[Config] = [
        {"append": {"header": {"key": key, "value": value}, "append_action": "ADD_IF_ABSENT"}}
        for key, value in headers.items()
    ]
    mutations += [{"remove": "x-envoy-upstream-service-time"}, {"remove": "x-envoy-decorator-operation"}]
    return extension(
        "filters.http.header_mutation",
        "extensions.filters.http.header_mutation.v3.HeaderMutation",
        mutations={"response_mutations": mutations},
    )


def _health(path: str, clusters: tuple[str, ...]) -> Config:
    """Answers 200 at `path` while every named cluster has a healthy server."""
    check = typed(
        "extensions.filters.http.health_check.v3.HealthCheck",
        pass_through_mode=False,
        headers=[{"name": ":path", "string_match": {"exact": path}}],
        cluster_min_healthy_percentages={name: {"value": 1} for name in clusters},
    )
    return {"name": f"envoy.filters.http.health_check{path.replace('/', '.')}", "typed_config": check}


def _rate_limit(target: Target) -> Config:
    """A token bucket for each client, and a wide one for all of them together."""
    rate = target.requests_per_second
    return extension(
        "filters.http.local_ratelimit",
        "extensions.filters.http.local_ratelimit.v3.LocalRateLimit",
        stat_prefix="edge",
        token_bucket=_bucket(rate * 100),
        descriptors=[{"entries": [{"key": "masked_remote_address"}], "token_bucket": _bucket(rate)}],
        rate_limits=[{"actions": [{"masked_remote_address": CLIENT}]}],
        max_dynamic_descriptors=20_000,
        always_consume_default_token_bucket=False,
        filter_enabled={"default_value": {"numerator": 100}},
        filter_enforced={"default_value": {"numerator": 100}},
        rate_limited_as_resource_exhausted=True,
        enable_x_ratelimit_headers="DRAFT_VERSION_03",
    )


def _bucket(per_second: int) -> Config:
    """Two seconds' worth at once, then the rate."""
    return {"max_tokens": per_second * 2, "tokens_per_fill": per_second, "fill_interval": seconds(1)}


def _size_limit(contract: Contract) -> Config:
    """Refuses by Content-Length before a byte is read; what has none is counted by the transcoder or the service.

    A file somewhat over the limit goes to the service, which reads it to the end and then says so: Envoy closes the
    connection when it answers first, and a client that is still sending would see that and not the answer.
    """
    uploads = [binding.path for method in contract.edge_methods if method.uploads for binding in method.bindings]
    is_upload = {"or_rules": {"rules": [{"url_path": {"path": {"exact": path}}} for path in uploads]}}
    body = {"and_rules": {"rules": [_longer_than(REQUEST_BYTES + SLACK_BYTES), {"not_rule": is_upload}]}}
    policies = {
        "upload_too_large": _anyone(_longer_than(DRAINED_BYTES)),
        "body_too_large": _anyone(body),
    }
    return rbac("size", "DENY", policies)


def _anyone(permission: Config) -> Config:
    return {"permissions": [permission], "principals": [{"any": True}]}


def _longer_than(size: int) -> Config:
    return {"header": {"name": "content-length", "range_match": {"start": size + 1, "end": 1 << 62}}}


def _transcoder(contract: Contract) -> Config:
    return extension(
        "filters.http.grpc_json_transcoder",
        "extensions.filters.http.grpc_json_transcoder.v3.GrpcJsonTranscoder",
        proto_descriptor_bin=base64.b64encode(contract.edge_descriptors()).decode(),
        services=list(contract.full_services),
        convert_grpc_status=True,
        # Zeros are printed: a browser should not have to know which fields are left out when they are 0.
        print_options={"stream_sse_style_delimited": True, "always_print_primitive_fields": True},
        request_validation_options={
            "reject_unknown_method": True,
            "reject_unknown_query_parameters": True,
            "reject_binding_body_field_collisions": True,
        },
        max_request_body_size=REQUEST_BYTES + SLACK_BYTES,
        # A stored resume comes back whole.
        max_response_body_size=UPLOAD_BYTES + SLACK_BYTES,
    )


def _tokens(target: Target, contract: Contract) -> Config:
    """Access tokens on everything but public methods, checked with the user service's keys."""
    provider = {
        "issuer": target.issuer,
        "audiences": ["skillsync"],
        "require_expiration": True,
        "clock_skew_seconds": 5,
        # The service reads the token again: the gateway is not the only lock.
        "forward": True,
        "from_headers": [{"name": "authorization", "value_prefix": "Bearer "}],
        "remote_jwks": _remote_keys(target),
    }
    return extension(
        "filters.http.jwt_authn",
        "extensions.filters.http.jwt_authn.v3.JwtAuthentication",
        providers={"skillsync": provider},
        rules=[*map(routes.without_token, routes.public_paths(target, contract)), _every_other_path()],
    )


def _every_other_path() -> Config:
    return {"match": {"prefix": "/"}, "requires": {"provider_name": "skillsync"}}


def _remote_keys(target: Target) -> Config:
    return {
        "http_uri": {"uri": JWKS_URL, "cluster": KEYS_LISTENER, "timeout": seconds(5)},
        "cache_duration": seconds(target.keys_seconds),
        "async_fetch": {"fast_listener": True, "failed_refetch_duration": seconds(0.5)},
    }
