"""Settings of a service: environment variables with the prefix SKILLSYNC_, read once, never changed."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, Json, SecretStr, ValidationError, model_validator

PREFIX = "SKILLSYNC_"


class SignInProvider(BaseModel):
    """Somebody who vouches for people, by OpenID Connect. `google`, `linkedin` and `github` need no `display_name` and no `issuer`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern="^[a-z0-9-]{1,32}$")
    client_id: str = Field(min_length=1)
    client_secret: SecretStr = Field(min_length=1)
    display_name: str = ""
    # https://…, or http:// on this machine; discovery is below it. For `github`: the server of an enterprise.
    issuer: str = Field("", pattern=r"^(https://.+[^/]|http://(localhost|127\.0\.0\.1)(:\d+)?|)$")


class LetterModel(BaseModel):
    """A language model that writes cover letters, whose every sentence is checked. What it is sent: the resume without ways to reach the
    person, and the position.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    # `openai`: any endpoint that speaks OpenAI's chat completions; `anthropic`: Anthropic's messages.
    kind: Literal["openai", "anthropic"]
    # What the paths of the protocol are added to: https://api.openai.com/v1, https://api.anthropic.com, http://localhost:11434/v1.
    url: str = Field(pattern=r"^https?://[^\s]+[^/\s]$", max_length=500)
    # As the endpoint calls it.
    model: str = Field(min_length=1, max_length=200)
    key: SecretStr = SecretStr("")
    # Whether the endpoint may be inside the own network, and so without TLS and at any port. Else its address must be public.
    inside: bool = False
    # For a whole answer. What takes longer is written by the platform's own writer.
    seconds: float = Field(60.0, gt=0, le=120)

    @model_validator(mode="after")
    def _can_be_asked(self) -> Self:
        key = self.key.get_secret_value()
        if not (key.isascii() and key.isprintable()):
            raise ValueError("a key with these characters fits into no header")
        if not self.inside and not self.url.startswith("https:"):
            raise ValueError("a key and a resume go to public endpoints by https alone")
        return self


class Settings(BaseModel):
    """SKILLSYNC_LISTEN is for every service; in a process of several, SKILLSYNC_USER_LISTEN wins for one."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    # Name of the service: its proto package, schema, role and certificate.
    service: str
    # PostgreSQL with the service's own role: postgresql://role:password@host:port/skillsync
    database_url: SecretStr
    # Redis protocol, for jobs on their way: redis://:password@host:port/0
    redis_url: SecretStr
    # S3, path addressing.
    s3_endpoint: str
    s3_access_key: SecretStr
    s3_secret_key: SecretStr
    s3_bucket: str = "skillsync"
    # Where clients reach S3, for links to put large files to; empty where they reach `s3_endpoint` itself.
    s3_public_endpoint: str = ""
    # Where this server listens; port 0 picks one.
    listen: str = "127.0.0.1:0"
    # Certificate and key of the service, and the authority that signed its peers (PEM). There is no mode without TLS.
    tls_cert: Path
    tls_key: Path
    tls_ca: Path
    # Envoy's mesh listener, through which services call each other: host:port
    mesh_address: str
    # The keys that verify access tokens.
    jwks_url: str
    # `iss` of access tokens.
    token_issuer: str = "skillsync"  # noqa: S105 - a name
    # Where mail goes out: smtp://user:password@host:port, smtps:// for TLS from the first byte. STARTTLS is used where it is offered.
    smtp_url: SecretStr
    # Sender of all mail.
    mail_from: str = "SkillSync <no-reply@localhost>"
    # Where browsers reach this installation; mailed links lead there.
    public_url: str
    # Whom people may sign in through, as JSON: [{"name": "google", "client_id": "…", "client_secret": "…"}, {"name": "acme",
    # "display_name": "Acme", "issuer": "https://login.acme.example", "client_id": "…", "client_secret": "…"}].
    # To register there as where browsers are sent back to: `public_url` + `/`.
    oidc_providers: Json[tuple[SignInProvider, ...]] = ()
    # DNS server that domains are looked up at, host:port; empty for those of the machine.
    dns_server: str = Field("", pattern=r"^(.+:\d+|)$")
    # Seals page tokens, resume tokens and signing keys. The same in all replicas.
    seal_key: SecretStr
    # Calls a minute of one account, and from one network address, over all services and replicas. Methods that cost much have less: the
    # contract says how much. Calls between services are not counted.
    calls_per_account: int = 600
    calls_per_address: int = 1200
    # Scales these limits and those of the contract; for load tests, which come from one address.
    limits_factor: float = 1.0
    # Prometheus metrics on 127.0.0.1; 0 turns them off.
    metrics_port: int = 0
    # debug, info, warning or error.
    log_level: str = "info"
    # Greatest upload in bytes.
    max_upload_bytes: int = 20 * 1024 * 1024
    # ClamAV's daemon, which looks at every upload: host:port or the path of its socket. Empty: only the YARA rules do, always. While a
    # daemon that is named here does not answer, uploads wait; none is let through.
    clamav: str = ""
    # A folder with further YARA rules (*.yar) beside those that come with the platform.
    yara_rules: Path | None = None
    # A folder with item banks of skills, in place of those that come with the program: everybody can read these.
    assessment_banks: Path | None = None
    # Documents that a worker process reads at a time, each in a child of its own.
    reader_pool: int = Field(2, ge=1, le=64)
    # Resumes that workers read again a minute after an upgrade; 0: none, only when people ask.
    reread_per_minute: int = Field(30, ge=0)
    # Origins that links of people may lead to although they are not public, e.g. a forge of the operator's own, as JSON:
    # ["https://git.intra.example"]. Whoever runs a server there can be asked for pages by everybody.
    egress_origins: Json[tuple[str, ...]] = ()
    # Issuers whose signed badges verify milestones at once, as JSON: origins (https://badges.example), did:key:…, or * for everybody's:
    # then whoever has a server or a key can issue badges to themselves. Badges of others are checked too, and then go to review.
    badge_issuers: Json[tuple[str, ...]] = ()
    # Elasticsearch for searches and the lexical part of matching, with user and password in it where it asks for them. Empty: PostgreSQL
    # does both.
    elasticsearch_url: SecretStr = SecretStr("")
    # The language model that writes cover letters for who does not refuse it, as JSON: {"kind": "openai", "url": "https://api.example/v1",
    # "model": "…", "key": "…"}. Empty: the platform's own writer writes all of them, and nothing leaves the platform.
    letter_model: Json[LetterModel] | None = None

    # A TOML file with plans, allowances and prices, in place of services/billing/plans.toml, which says what stands in one. Only billing
    # reads it: SKILLSYNC_BILLING_PLANS.
    plans: Path | None = None
    # Secret key of Stripe, live or in test mode; empty: nothing can be bought. Only the billing service has it.
    stripe_key: SecretStr = SecretStr("")
    # What Stripe signs its events with: whsec_… of the webhook endpoint `public_url`/v1/webhooks/stripe.
    stripe_webhook_secret: SecretStr = SecretStr("")
    # Where Stripe's API is; empty for Stripe itself. The embedded stack has one of its own.
    stripe_url: str = Field("", pattern=r"^(https://.+[^/]|http://(localhost|127\.0\.0\.1)(:\d+)?|)$")
    # Whether Stripe works out taxes (Stripe Tax must be turned on there).
    stripe_tax: bool = False
    # How often Stripe is asked for new events that no webhook brought; every ten minutes all are asked for again.
    stripe_reconcile_seconds: float = Field(30, ge=1)

    @classmethod
    def of(cls, service: str, environment: Mapping[str, str] = os.environ) -> Self:
        """The settings of one service. Ends the process with the names of what is missing or wrong."""
        try:
            return cls.model_validate(_values(service, environment))
        except ValidationError as error:
            wrong = ", ".join(PREFIX + str(e["loc"][0]).upper() for e in error.errors())
            sys.exit(f"{service} cannot start: set {wrong} (services/kit/settings.py says what each means).")


def _values(service: str, environment: Mapping[str, str]) -> dict[str, str]:
    shared, own = PREFIX, f"{PREFIX}{service.upper()}_"
    values = {"service": service}
    for prefix in (shared, own):
        values |= {k.removeprefix(prefix).lower(): v for k, v in environment.items() if k.startswith(prefix) and v}
    return values | {"service": service}
