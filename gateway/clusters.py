"""The services as Envoy's upstream clusters."""

from gateway.parts import Config, extension, seconds, typed
from gateway.target import Address, Target

# A Python server takes a thousand calls in flight; beyond, it answers late or CANCELLED.
CALLS_IN_FLIGHT = 400
CALLS_WAITING = 256
# Watches cost nothing while nothing changes. They have a budget of their own (Envoy's high priority), so that
# recruiters who keep a feed open all day do not use up what short calls need.
WATCHES_IN_FLIGHT = 600
STREAMS_PER_CONNECTION = 200

IDENTITY_PREFIX = "spiffe://skillsync/"
KEYS_LISTENER = "keys"


def service_cluster(target: Target, service: str) -> Config:
    """One service: mutual TLS, its replicas found by DNS, the sick ones ejected."""
    return {
        "name": service,
        **_discovery(target),
        "connect_timeout": seconds(1),
        "lb_policy": "LEAST_REQUEST",
        "load_assignment": _endpoints(service, target.upstreams[service]),
        "typed_extension_protocol_options": http2_upstream(),
        "transport_socket": _mutual_tls(target, service),
        "health_checks": [_health_check()],
        "circuit_breakers": _circuit_breakers(target.replicas),
        "outlier_detection": _outlier_detection(),
    }


def keys_cluster(target: Target) -> Config:
    """Envoy itself: the listener that turns GetJwks into the JSON that the token filter reads."""
    return {
        "name": KEYS_LISTENER,
        "type": "STATIC",
        "connect_timeout": seconds(1),
        "load_assignment": {
            "cluster_name": KEYS_LISTENER,
            "endpoints": [{"lb_endpoints": [{"endpoint": {"address": keys_address(target)}}]}],
        },
    }


def admin_cluster(admin: Address) -> Config:
    """Envoy's own admin interface, from which the metrics listener takes one path."""
    return {
        "name": "admin",
        "type": "STATIC",
        "connect_timeout": seconds(1),
        "load_assignment": _endpoints("admin", admin),
    }


def http2_upstream() -> Config:
    """HTTP/2 towards gRPC servers, with pings that notice a silent peer."""
    options = {
        "max_concurrent_streams": STREAMS_PER_CONNECTION,
        # grpcio answers pings more frequent than every 10 s with GOAWAY when nothing is in flight.
        "connection_keepalive": {"interval": seconds(30), "timeout": seconds(10)},
    }
    return {
        "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": typed(
            "extensions.upstreams.http.v3.HttpProtocolOptions",
            explicit_http_config={"http2_protocol_options": options},
        )
    }


def socket_address(address: Address) -> Config:
    """An address of Envoy's."""
    return {"socket_address": {"address": address.host, "port_value": address.port}}


def keys_address(target: Target) -> Config:
    """A socket in the kernel's abstract namespace, named after the edge port so that two stacks do not meet."""
    return {"pipe": {"path": f"@skillsync-keys-{target.edge.port}"}}


def certificate(identity_cert: object, identity_key: object) -> Config:
    """A certificate and its key, read from files."""
    return {"certificate_chain": {"filename": str(identity_cert)}, "private_key": {"filename": str(identity_key)}}


def _discovery(target: Target) -> Config:
    if target.discovery == "STATIC":
        return {"type": "STATIC"}
    dns = typed("extensions.clusters.dns.v3.DnsCluster", dns_refresh_rate=seconds(5), respect_dns_ttl=True)
    return {"cluster_type": {"name": "envoy.cluster.dns", "typed_config": dns}}


def _endpoints(name: str, address: Address) -> Config:
    endpoint = {"endpoint": {"address": socket_address(address)}}
    return {"cluster_name": name, "endpoints": [{"lb_endpoints": [endpoint]}]}


def _mutual_tls(target: Target, service: str) -> Config:
    name = {"san_type": "URI", "matcher": {"exact": IDENTITY_PREFIX + service}}
    return extension(
        "transport_sockets.tls",
        "extensions.transport_sockets.tls.v3.UpstreamTlsContext",
        common_tls_context={
            "alpn_protocols": ["h2"],
            "tls_params": {"tls_minimum_protocol_version": "TLSv1_3", "tls_maximum_protocol_version": "TLSv1_3"},
            "tls_certificates": [certificate(target.identity.cert, target.identity.key)],
            "validation_context": {
                "trusted_ca": {"filename": str(target.identity.ca)},
                "match_typed_subject_alt_names": [name],
            },
        },
    )


def _health_check() -> Config:
    return {
        "timeout": seconds(2),
        "interval": seconds(5),
        # Until the first answer every fraction of a second counts: the stack's start waits for it.
        "initial_jitter": seconds(0.05),
        "no_traffic_interval": seconds(0.25),
        "no_traffic_healthy_interval": seconds(5),
        "unhealthy_interval": seconds(0.25),
        "unhealthy_threshold": 3,
        "healthy_threshold": 1,
        "grpc_health_check": {},
    }


def _circuit_breakers(replicas: int) -> Config:
    short = {
        "priority": "DEFAULT",
        "max_connections": 64,
        "max_pending_requests": CALLS_WAITING,
        "max_requests": CALLS_IN_FLIGHT * replicas,
        "retry_budget": {"budget_percent": {"value": 20}, "min_retry_concurrency": 3},
    }
    watches = {"priority": "HIGH", "max_connections": 64, "max_pending_requests": CALLS_WAITING}
    return {"thresholds": [short, watches | {"max_requests": WATCHES_IN_FLIGHT * replicas}]}


def _outlier_detection() -> Config:
    return {
        "consecutive_5xx": 20,
        "consecutive_gateway_failure": 5,
        "interval": seconds(2),
        "base_ejection_time": seconds(5),
        "max_ejection_percent": 50,
    }
