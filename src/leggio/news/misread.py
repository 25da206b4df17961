"""How far what OCR read is from a word. In: two words. Out: a number of reading errors."""

from __future__ import annotations

# Print that OCR takes for other letters though it is one stroke away; each counts as one error, not as two.
_CONFUSED = (
    ("m", "rn"),
    ("d", "cl"),
    ("w", "vv"),
    ("h", "li"),
    ("n", "ii"),
    ("m", "in"),
    ("u", "ii"),
    ("k", "lc"),
)


def count_misread(wanted: str, read: str, limit: int) -> int:
    """How many reading errors lie between two folded words; limit + 1 for any number above `limit`.

    Levenshtein's distance, where taking rn for m, cl for d and their like is one error.
    """
    if abs(len(wanted) - len(read)) > 2 * limit:
        return limit + 1
    rows: list[list[int]] = []
    for i in range(len(wanted) + 1):
        row = [i] if i else list(range(len(read) + 1))
        for j in range(1, len(read) + 1 if i else 1):
            best = min(
                rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (wanted[i - 1] != read[j - 1])
            )
            for one, two in _CONFUSED:
                if i > 1 and wanted[i - 2 : i] == two and read[j - 1] == one:
                    best = min(best, rows[i - 2][j - 1] + 1)
                if j > 1 and wanted[i - 1] == one and read[j - 2 : j] == two:
                    best = min(best, rows[i - 1][j - 2] + 1)
            row.append(best)
        rows.append(row)
        if i and min(row) > limit and min(rows[i - 1]) > limit:  # a pair of letters may reach over one row
            return limit + 1
    return min(rows[-1][-1], limit + 1)
