"""Named arrays and tables of strings in one file, read through a memory map that all processes share."""

import json
import mmap
import struct
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

MAGIC = b"SkillSync arrays 1\n"
ALIGNMENT = 64
Array = np.ndarray[Any, np.dtype[Any]]


class Damaged(Exception):
    """The file is not one that `write` made, or not all of it."""


def write(path: Path, arrays: Mapping[str, Array], about: Mapping[str, str]) -> None:
    """Writes all or nothing: a reader finds the old file or the new one. Same content, same bytes."""
    places, offset = {}, 0
    for name, array in arrays.items():
        places[name] = [array.dtype.str, list(array.shape), offset]
        offset += -(-array.nbytes // ALIGNMENT) * ALIGNMENT
    header = json.dumps({"about": dict(about), "arrays": places, "size": offset}, ensure_ascii=False).encode()
    start = len(MAGIC) + 4 + len(header)
    header += b" " * (-start % ALIGNMENT)
    partial = path.with_suffix(".partial")
    with partial.open("wb") as file:
        file.write(MAGIC + struct.pack("<I", len(header)) + header)
        for array in arrays.values():
            file.write(np.ascontiguousarray(array).tobytes())
            file.write(b"\0" * (-array.nbytes % ALIGNMENT))
    partial.replace(path)


class Packed:
    """An open file of arrays: `about` as written; arrays by name, read-only."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if self._map[: len(MAGIC)] != MAGIC:
            raise Damaged(f"{path} is not a file of arrays")
        (length,) = struct.unpack_from("<I", self._map, len(MAGIC))
        start = len(MAGIC) + 4
        header = json.loads(self._map[start : start + length])
        self._start = start + length
        if len(self._map) < self._start + header["size"]:
            raise Damaged(f"{path} is cut off")
        self.about: dict[str, str] = header["about"]
        self._places = header["arrays"]

    def array(self, name: str) -> Array:
        """The array, without a copy. Raises KeyError."""
        kind, shape, offset = self._places[name]
        count = int(np.prod(shape))
        return np.frombuffer(self._map, np.dtype(kind), count, self._start + offset).reshape(shape)

    def strings(self, name: str) -> "Strings":
        """A table of strings that `strings` packed."""
        return Strings(self.array(f"{name}.ends"), self.array(f"{name}.bytes"))

    def lists(self, name: str) -> "Lists":
        """Lists of numbers that `lists` packed."""
        return Lists(self.array(f"{name}.ends"), self.array(f"{name}.items"))


class Strings(Sequence[str]):
    """Strings decoded when asked for."""

    def __init__(self, ends: Array, data: Array) -> None:
        self._ends, self._data = ends, memoryview(data.data)

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, index: Any) -> Any:
        if not 0 <= index < len(self._ends):
            raise IndexError(index)
        start = int(self._ends[index - 1]) if index else 0
        return str(self._data[start : int(self._ends[index])], "utf-8")

    def __iter__(self) -> Iterator[str]:
        return (self[i] for i in range(len(self)))


class Lists:
    """For each index a list of numbers."""

    def __init__(self, ends: Array, items: Array) -> None:
        self._ends, self._items = ends, items

    def __getitem__(self, index: int) -> list[int]:
        start = int(self._ends[index - 1]) if index else 0
        found: list[int] = self._items[start : int(self._ends[index])].tolist()
        return found


def strings(name: str, values: Sequence[str]) -> dict[str, Array]:
    """The arrays that hold these strings."""
    encoded = [value.encode() for value in values]
    ends = np.cumsum([len(e) for e in encoded], dtype=np.uint32)
    return {f"{name}.ends": ends, f"{name}.bytes": np.frombuffer(b"".join(encoded), np.uint8)}


def lists(name: str, values: Sequence[Sequence[int]]) -> dict[str, Array]:
    """The arrays that hold these lists."""
    ends = np.cumsum([len(v) for v in values], dtype=np.uint32)
    return {f"{name}.ends": ends, f"{name}.items": np.array([i for v in values for i in v], np.uint32)}
