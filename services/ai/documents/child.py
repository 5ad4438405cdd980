"""The sandbox's child: a file on standard input, its text as JSON on standard output.

It limits itself before it reads anything. The parent cannot do that for it: code between fork and exec is not safe beside gRPC's threads.
"""

import json
import resource
import sys

from services.ai import codec
from services.ai.documents.document import DocumentError, Kind
from services.ai.documents.readers import read

MEMORY_BYTES = 1 << 30
CPU_SECONDS = 8


def limit() -> None:
    """No more memory or processor than a resume needs, no files, no core dumps."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(kind: str) -> None:
    try:
        answer = codec.to_json(read(sys.stdin.buffer.read(), Kind[kind]))
    except DocumentError as error:
        answer = {"reason": error.reason, "message": str(error)}
    except MemoryError:
        answer = {"reason": "FILE_UNREADABLE", "message": "the file needs more memory than a resume should"}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    limit()
    main(sys.argv[1])
