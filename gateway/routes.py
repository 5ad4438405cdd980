"""Which path goes to which service, and how long it may take."""

import re

from gateway.contract import Contract, Method
from gateway.parts import Config, extension, file_source, seconds, set_header, typed
from gateway.target import Target

# Short: Envoy takes no long expressions.
ID = "[0-9a-f-]+"

DEFAULT_SECONDS = 30.0
UPLOAD_SECONDS = 120.0
# A watch sends a checkpoint every 15 s: this long without one, its server is gone.
WATCH_IDLE_SECONDS = 60.0
# The service gives up first and says why; Envoy's own limit is for servers that hang.
GRACE_SECONDS = 1.0

REFLECTION = (
    "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
)
# Every service describes all five: the contracts are one package.
REFLECTING_SERVICE = "user"

# Safe for every method: in each of these cases the server has not seen the request.
RETRIES: Config = {
    "retry_on": "connect-failure,refused-stream,reset-before-request",
    "num_retries": 2,
    "retry_back_off": {"base_interval": seconds(0.025), "max_interval": seconds(0.25)},
    "retry_host_predicate": [
        extension(
            "retry_host_predicates.previous_hosts",
            "extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate",
        )
    ],
    "host_selection_retry_max_attempts": 3,
}

CONTENT_TYPES = {
    ".yaml": "application/yaml",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
}
SITE_POLICY = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"


def edge_host(target: Target, contract: Contract) -> Config:
    """The one virtual host of the edge."""
    routes = [_public_file(target, path) for path in target.public_files]
    routes += [method_route(method) for method in contract.edge_methods]
    if target.reflection:
        routes += [_reflection(path) for path in REFLECTION]
    host: Config = {"name": "edge", "domains": ["*"], "routes": [*routes, nothing_here()]}
    # One address, the one that Envoy believes: services need not know how many proxies stand before it.
    host["request_headers_to_add"] = [set_header("x-forwarded-for", "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%")]
    host["typed_per_filter_config"] = {"envoy.filters.http.cors": _cors(target)}
    return host


def method_route(method: Method) -> Config:
    """One method's route: by its exact path, with a time limit that fits it."""
    action: Config = {"cluster": method.service, "retry_policy": RETRIES, **_limits(method)}
    if method.watches:
        action["priority"] = "HIGH"
    return {"match": {"path": method.path}, "route": action}


def nothing_here() -> Config:
    """What nobody else answers: 404.

    A cluster that does not exist and not a direct response, because a REST path meets this route until it is
    transcoded, and the CORS filter takes its policy from real routes only.
    """
    action = {"cluster": "nowhere", "cluster_not_found_response_code": "NOT_FOUND"}
    return {"match": {"prefix": "/"}, "route": action}


def public_paths(target: Target, contract: Contract) -> list[str]:
    """The paths that need no token."""
    reflection = REFLECTION if target.reflection else ()
    return [method.path for method in contract.edge_methods if method.public] + list(reflection)


def without_token(path: str) -> Config:
    """A rule of the token filter that asks for nothing."""
    return {"match": {"path": path}}


def _limits(method: Method) -> Config:
    if method.watches:
        return {"timeout": "0s", "idle_timeout": seconds(WATCH_IDLE_SECONDS)}
    limit = method.timeout or (UPLOAD_SECONDS if method.uploads else DEFAULT_SECONDS)
    return {"timeout": seconds(limit + GRACE_SECONDS)}


def _reflection(path: str) -> Config:
    return {"match": {"path": path}, "route": {"cluster": REFLECTING_SERVICE, "timeout": "0s"}}


def _public_file(target: Target, path: str) -> Config:
    file = target.public_files[path]
    headers = {
        "content-type": CONTENT_TYPES[file.suffix],
        "content-security-policy": SITE_POLICY,
        "cache-control": "no-cache",
    }
    disabled = typed("config.route.v3.FilterConfig", disabled=True)
    return {
        "match": _match(path),
        "direct_response": {"status": 200, "body": file_source(file)},
        "response_headers_to_add": [set_header(key, value) for key, value in headers.items()],
        "typed_per_filter_config": {
            "envoy.filters.http.grpc_json_transcoder": disabled,
            "envoy.filters.http.jwt_authn": disabled,
        },
    }


def _match(path: str) -> Config:
    """Where an id may stand, an id and nothing else."""
    before, hole, after = path.partition("{")
    if not hole:
        return {"path": path}
    return {"safe_regex": {"regex": re.escape(before) + ID + re.escape(after.partition("}")[2])}}


def _cors(target: Target) -> Config:
    return typed(
        "extensions.filters.http.cors.v3.CorsPolicy",
        allow_origin_string_match=[{"safe_regex": {"regex": origin}} for origin in target.origins],
        allow_methods="GET, POST, PUT, PATCH, DELETE",
        allow_headers="authorization, content-type, grpc-timeout, traceparent, x-grpc-web, x-user-agent",
        expose_headers="grpc-message, grpc-status, grpc-status-details-bin, retry-after, x-request-id",
        max_age="600",
    )
