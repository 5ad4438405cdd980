"""Which words somebody may have meant who mistyped one."""


def edits_allowed(word: str) -> int:
    """As search engines do: none in words of two letters, one up to five, then two."""
    return 0 if len(word) < 3 else 1 if len(word) < 6 else 2


def edits(one: str, other: str, most: int) -> int:
    """Letters to change, add, leave out or swap with the next; `most` + 1 for more than `most`."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, wanted in enumerate(other, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                best = min(best, last[j - 2] + 1)
            row.append(best)
        if min(row) > most and min(before) > most:
            return most + 1
    return min(row[-1], most + 1)
