"""Job titles: a tuned encoder, how alike two titles are, and the ESCO occupations that a title may mean."""

from services.ai.titles.encoder import TitleEncoder
from services.ai.titles.fit import title_fit

__all__ = ["TitleEncoder", "title_fit"]
