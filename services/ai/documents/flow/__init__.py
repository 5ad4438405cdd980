"""What the readers of DOCX, ODT, RTF, HTML, Markdown and text share: formats in which text flows and has no places.

They tell their paragraphs, list items and tables to a `Flow`, which makes the Document. `colours` says whether ink can be told from
its ground, `parts` opens zipped documents within bounds.
"""
