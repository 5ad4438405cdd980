"""The rules of an operator are asked beside ours."""

from pathlib import Path

import pytest

from services.ai.documents import BadRules, DocumentError, Kind, Pool, scan
from tests.ai.documents.hostile import a_docx


def test_an_operators_rules_are_asked_too(tmp_path: Path, pool: Pool) -> None:
    (tmp_path / "own.yar").write_text('rule secret { strings: $a = "Example" condition: $a }')
    with pytest.raises(DocumentError, match="secret"):
        scan(b"Ada Example", Kind.TEXT, rules=tmp_path, pool=pool)
    with pytest.raises(DocumentError, match="secret"):
        scan(a_docx(), Kind.DOCX, rules=tmp_path, pool=pool)


def test_rules_that_do_not_compile_are_an_error_and_no_verdict(tmp_path: Path, pool: Pool) -> None:
    (tmp_path / "own.yar").write_text("rule broken { condition: nonsense }")
    with pytest.raises(BadRules, match="nonsense"):
        scan(b"Ada Example", Kind.TEXT, rules=tmp_path, pool=pool)
