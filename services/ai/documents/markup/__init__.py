"""Web pages, Markdown and plain text → Document: `html.read`, `markdown.read`, `text.read`.

Markdown is read as the page that it stands for, so what hides text in a page (`looks`, `css`) is in one place. `text.decode` finds
the encoding for all three.
"""
