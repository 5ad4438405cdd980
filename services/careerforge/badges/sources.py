"""What a badge rests on elsewhere, as JSON, through the one safe way out."""

import json
from dataclasses import dataclass
from typing import Any

from services.careerforge.badges.verdict import BadgeRefused
from services.kit.egress import Egress, FetchFailed, RefusedUrl

MOST_BYTES = 1 << 20
# Up to five of them within the deadline of a call.
SECONDS = 4.0
ACCEPT = {"accept": "application/json, application/ld+json"}


@dataclass(frozen=True)
class Source:
    egress: Egress

    async def fetch(self, url: Any) -> dict[str, Any]:
        """Raises BadgeRefused: ISSUER for what is no https URL of a public server, UNCHECKABLE when it cannot be had."""
        self.require_url(url)
        try:
            answer = await self.egress.fetch(url, headers=ACCEPT, most_bytes=MOST_BYTES, seconds=SECONDS)
        except RefusedUrl as refusal:
            raise BadgeRefused("ISSUER", str(refusal)) from None
        except FetchFailed as failure:
            raise BadgeRefused("UNCHECKABLE", f"{failure}; try again later, or send another proof to review") from None
        try:
            found = json.loads(answer.content)
        except (ValueError, RecursionError):
            found = None
        if answer.status != 200 or not isinstance(found, dict):
            raise BadgeRefused("UNCHECKABLE", f"{url.partition('?')[0]} answers {answer.status} and no JSON object")
        return found

    def require_url(self, url: Any) -> None:
        if not isinstance(url, str):
            raise BadgeRefused("ISSUER", "it does not say where its issuer is")
        try:
            self.egress.check(url, tls=True)
        except RefusedUrl as refusal:
            raise BadgeRefused("ISSUER", str(refusal)) from None
