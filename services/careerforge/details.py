"""What imports said of a person and no entry of the profile holds: contact, summary, certificates, publications, awards, unknown skills."""

from services.ai import codec
from services.careerforge.exchange.profile import Profile
from services.careerforge.tables import UserCareerForge


def details_of(row: UserCareerForge) -> Profile:
    return codec.from_json(Profile, row.details) if row.details else Profile()
