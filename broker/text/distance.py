"""How far apart two spellings are."""

from collections.abc import Sequence


def edits(one: Sequence[str], other: Sequence[str]) -> int:
    """The least number of items to insert, drop or change (Levenshtein)."""
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        above, row[0] = row[0], i
        for j, right in enumerate(other, 1):
            above, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, above + (left != right))
    return row[-1]
