"""Processes that read strangers' files and can do nothing else.

From outside: a `pool` hands each `file` to a child of a `lane` and believes little of what it says (`answers`); `processes` starts and
ends them. Inside: `child`, and what it gives up before it sees a file, in `confinement`: limits, files (`landlock`), calls to the
kernel (`seccomp`).
"""

from services.ai.documents.sandbox.file import File
from services.ai.documents.sandbox.pool import Pool, default_pool, extract
from services.ai.documents.sandbox.processes import SandboxDown

__all__ = ["File", "Pool", "SandboxDown", "default_pool", "extract"]
