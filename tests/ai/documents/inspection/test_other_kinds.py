"""RTF, pages, Markdown, texts and pictures that do or carry something are refused by name; what only speaks of it passes."""

import base64

import pytest

from services.ai.documents import Kind, Pool, scan
from tests.ai.documents.hostile import EICAR, PROGRAM
from tests.ai.documents.inspection.refusals import refused

TEXTS = [
    (Kind.RTF, "an embedded object", rb"{\rtf1{\object\objemb{\*\objdata 0105}}}"),
    (Kind.RTF, "an embedded object", rb"{\rtf1{\object\objupdate}}"),
    (Kind.RTF, "a template", rb"{\rtf1{\*\template http://example.org/a.dot}}"),
    (Kind.RTF, "a template", rb"{\rtf1{\*\template \u-65432?\u116?\u116?\u112?\u58?//example.org}}".replace(rb"\u-65432?", rb"\u104?")),
    (Kind.RTF, "a template", rb"{\rtf1{\*\template \'5c\'5cexample.org\'5ca.dot}}"),
    (Kind.RTF, "DDE", rb"{\rtf1{\field{\*\fldinst {DDEAUTO c:\\cmd.exe}}}}"),
    (Kind.RTF, "pFragments", rb"{\rtf1{\shp{\sp{\sn pFragments}{\sv 1;1}}}}"),
    (Kind.RTF, "listoverridecount", rb"{\rtf1{\listoverride\listoverridecount25}}"),
    (Kind.RTF, "a Windows program", rb"{\rtf1{\*\x " + PROGRAM + b"}}"),
    (Kind.RTF, "a program written as text", rb"{\rtf1{\*\x 4d5a" + b"00" * 64 + b"This program".hex().encode() + b"}}"),
    (Kind.HTML, "a script", b"<html><script>alert(1)</script>"),
    (Kind.HTML, "a script", b"<html><img src=x onerror=alert(1)>"),
    (Kind.HTML, "a script", b"<html><svg/onload=alert(1)>"),
    (Kind.HTML, "a script", b"<html><sc\0ript>alert(1)</sc\0ript><script src=x>"),
    (Kind.HTML, "a link that runs something", b"<html><a href=' java\tscript:alert(1)'>x</a>"),
    (Kind.HTML, "a link that runs something", b"<html><a href='&#106;avascript:alert(1)'>x</a>"),
    (Kind.HTML, "a link that runs something", b"<html><a href='data:text/html;base64,x'>x</a>"),
    (Kind.HTML, "a frame", b"<html><iframe src=https://example.org>"),
    (Kind.HTML, "an embedded object", b"<html><object data=a.swf>"),
    (Kind.HTML, "a redirection", b"<html><meta http-equiv=Refresh content='0;url=https://example.org'>"),
    (Kind.HTML, "UTF-7", b"<html><meta charset=utf-7>+ADw-script+AD4-"),
    (Kind.HTML, "a script", "<html><script>alert(1)</script>".encode("utf-16")),
    (Kind.HTML, "a program written as text", b"<html>" + base64.b64encode(PROGRAM[:2] + b"\x90\0\3\0\0\0\4\0\0\0" + PROGRAM)),
    (Kind.MARKDOWN, "a script", b"# Ada\n\n<script>alert(1)</script>\n"),
    (Kind.MARKDOWN, "a link that runs something", b"# Ada\n\n[me](javascript:alert(1))\n"),
    (Kind.TEXT, "the EICAR test virus", EICAR),
    (Kind.TEXT, "PowerShell", b"powershell.exe -nop -w hidden -enc " + b"QUJD" * 40),
    (Kind.PNG, "a Windows program", b"\x89PNG\r\n\x1a\n" + PROGRAM),
    (Kind.JPEG, "a Linux program", b"\xff\xd8\xff\xd9\x7fELF\x02\x01\x01" + b"\0" * 60),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "what", "data"), TEXTS)
def test_other_kinds_that_do_or_carry_something_are_refused_by_name(
    kind: Kind, what: str, data: bytes, pool: Pool
) -> None:
    reason, message = refused(data, kind, pool)
    assert reason == "FILE_MALICIOUS"
    assert what in message


HONEST_TEXTS = [
    (Kind.RTF, rb"{\rtf1\ansi{\*\template C:\\Users\\ada\\Normal.dot}{\field{\*\fldinst {HYPERLINK https://example.org}}{\fldrslt DDE}}}"),
    (Kind.RTF, rb"{\rtf1{\listoverride\listoverridecount0\ls1}{\listoverride\listoverridecount9}{\pict\pngblip 89504e47}}"),
    (Kind.HTML, b"<!doctype html><style>p{color:red}</style><p style='color:red'>On call: on=1 <a href=https://example.org>JavaScript:</a>"),
    (Kind.HTML, b"<html><p>&lt;script&gt; &lt;iframe&gt;</p><img src='data:image/png;base64,x'><a href='#on'>x</a>"),
    (Kind.MARKDOWN, b"# Ada\n\nKnows `<script>` and ```<iframe>```\n\n```html\n<script>x</script>\n```\n[site](https://example.org)\n"),
    (Kind.TEXT, b"MZ and PE, PowerShell -EncodedCommand, CreateObject, eval(), <?php and <script> are what I work with\n"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "data"), HONEST_TEXTS)
def test_other_kinds_pass_when_they_only_speak_of_it(kind: Kind, data: bytes, pool: Pool) -> None:
    scan(data, kind, pool=pool)
