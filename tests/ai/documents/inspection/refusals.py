"""What a scan says of a file that it does not let pass."""

import pytest

from services.ai.documents import DocumentError, Kind, Pool, scan


def refused(data: bytes, kind: Kind, pool: Pool) -> tuple[str, str]:
    """Reason and message."""
    with pytest.raises(DocumentError) as caught:
        scan(data, kind, pool=pool)
    return caught.value.reason, str(caught.value)
