"""The plans on offer and what each allows a month."""

from dataclasses import dataclass

FEATURES = ("resume_analysis", "cover_letter", "job_match_search", "ai_insight", "export")

# The seed's name of each feature's counter in `feature_usage`.
COLUMNS = {
    "resume_analysis": "resume_analysis_count",
    "cover_letter": "cover_letter_credits",
    "job_match_search": "job_match_searches",
    "ai_insight": "ai_insights_used",
    "export": "export_credits",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """Prices in cents of a euro; `allowances` in the order of FEATURES."""

    tier: str
    display_name: str
    monthly: int
    annual: int
    allowances: tuple[int, ...]
    seats: int
    trial_days: int

    def allowance(self, feature: str) -> int:
        return self.allowances[FEATURES.index(feature)]


PLANS = {
    plan.tier: plan
    for plan in (
        Plan("free", "Free", 0, 0, (5, 10, 50, 3, 2), 5, 0),
        Plan("pro", "Pro", 1_900, 19_000, (100, 100, 1_000, 100, 50), 10, 14),
        Plan("enterprise", "Enterprise", 19_900, 199_000, (1_000, 1_000, 10_000, 1_000, 1_000), 100, 14),
    )
}

# Of one more credit, in cents of a euro.
TOPUP_CENTS = {"resume_analysis": 50, "cover_letter": 50, "job_match_search": 5, "ai_insight": 50, "export": 50}
