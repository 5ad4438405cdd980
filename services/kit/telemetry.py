"""Logs as JSON lines and Prometheus metrics. Nothing that a person wrote, and no token, is ever logged."""

import logging
import sys
from contextvars import ContextVar

from prometheus_client import Counter, Gauge, Histogram, start_http_server
from pythonjsonlogger.json import JsonFormatter

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""Id of the request that is being served; forwarded to other services, written into each log line."""

TRACE_HEADERS = ("traceparent", "tracestate")
"""W3C Trace Context."""

trace: ContextVar[tuple[tuple[str, str], ...]] = ContextVar("trace", default=())
"""Trace headers of the request that is being served; forwarded to other services."""

CALLS = Counter("skillsync_grpc_calls_total", "Calls served.", ["method", "code"])
SECONDS = Histogram("skillsync_grpc_call_seconds", "How long calls took, streams left out.", ["method"])
IN_FLIGHT = Gauge("skillsync_grpc_calls_in_flight", "Calls being served.", ["method"])
DOOR_OPEN = Counter(
    "skillsync_door_open_total", "Times that Redis did not answer, and callers were counted in each replica alone."
)
UNRECORDED = Counter("skillsync_activities_unrecorded_total", "Calls that could not be written into the activity log.")
EVENTS_LEFT = Gauge("skillsync_stripe_events_unhandled", "Events of Stripe that wait to be handled; the log says why.")
JOBS = Counter("skillsync_jobs_total", "Jobs ended.", ["kind", "state"])


class _RequestId(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


def set_up_logging(service: str, level: str) -> None:
    """One JSON object a line on standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_RequestId())
    fields = "%(asctime)s %(levelname)s %(name)s %(message)s %(request_id)s"
    handler.setFormatter(JsonFormatter(fields, static_fields={"service": service}))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)


def serve_metrics(port: int) -> None:
    """On loopback only; a port of 0 means none."""
    if port:
        start_http_server(port, addr="127.0.0.1")
