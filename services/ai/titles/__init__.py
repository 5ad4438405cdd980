"""Job titles: a tuned encoder, how alike two titles are, and the ESCO occupations that a title may mean."""

from services.ai.skills.ontology import Occupation
from services.ai.titles.encoder import TitleEncoder
from services.ai.titles.fit import title_fit
from services.ai.titles.ranker import Meant, OccupationRanker

__all__ = ["Meant", "Occupation", "OccupationRanker", "TitleEncoder", "title_fit"]
