"""PDF → Document: letters in bulk, what nobody sees taken out, the rest put into lines and read in order.

Begin with `reader`. `letters`, `objects`, `links` and `metadata` ask PDFium; `hidden` decides which letters are seen, with the help of
`visible`, which looks at pictures of the page; `runs` joins letters; `scanned` is for pages that are pictures. What any page needs, PDF
or photograph, is in `layout`.
"""

from services.ai.documents.pdf.reader import read

__all__ = ["read"]
