"""PNG, JPEG and TIFF → Document. Begin with `reader`; `recognition` reads letters in any picture, a scanned page of a PDF too."""

from services.ai.documents.pictures.reader import read

__all__ = ["read"]
