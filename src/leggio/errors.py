"""What a user can mend: every error here is one sentence that says what is wrong and how to mend it.

LeggioError
├── InputError           the file cannot be used at all
│   ├── UnreadableFile   not a picture or a PDF, empty, broken
│   ├── LockedFile       a PDF behind a password
│   └── PageTooLarge     more pixels than can be read
├── NothingToRead        a good picture without what was asked for on it
└── MissingExtra         a package that is needed here is not installed
"""

from __future__ import annotations


class LeggioError(Exception):
    """Something that the user can mend; its text says how."""


class InputError(LeggioError):
    """The file, or one page of it, cannot be used."""


class UnreadableFile(InputError):
    """Not a picture or a PDF that can be decoded."""


class LockedFile(InputError):
    """A PDF that asks for a password."""


class PageTooLarge(InputError):
    """More pixels than a page can have."""


class NothingToRead(LeggioError):
    """The page holds nothing of the kind that was asked for."""


class MissingExtra(LeggioError):
    """An optional package is needed and not installed."""
