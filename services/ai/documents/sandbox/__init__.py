"""Processes that read strangers' files and can do nothing else.

`pool` is the outside: it hands files to children and believes little of what they say (`answers`). `child` is the inside. What a child
gives up before it sees a file is in `confinement`: limits, files (`landlock`), calls to the kernel (`seccomp`).
"""

from services.ai.documents.sandbox.pool import Pool, SandboxDown, extract

__all__ = ["Pool", "SandboxDown", "extract"]
