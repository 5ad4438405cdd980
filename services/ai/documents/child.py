"""The sandbox's child: a file on standard input, its text as JSON on standard output."""

import json
import sys

from services.ai import codec
from services.ai.documents.document import DocumentError, Kind
from services.ai.documents.readers import read


def main(kind: str) -> None:
    try:
        answer = codec.to_json(read(sys.stdin.buffer.read(), Kind[kind]))
    except DocumentError as error:
        answer = {"reason": error.reason, "message": str(error)}
    except MemoryError:
        answer = {"reason": "FILE_UNREADABLE", "message": "the file needs more memory than a resume should"}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main(sys.argv[1])
