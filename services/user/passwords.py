"""Password hashing (Argon2id) and the one rule a password must meet: long enough and not well known."""

import asyncio
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from services.kit.errors import InvalidArgument

# OWASP's second recommended setting: 19 MiB, two passes. About 30 ms on one core.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

# Verified against when no account exists, so that the answer takes as long as for one that does.
_DECOY = _hasher.hash("no account has this password")

# The 30,000 most used passwords of published leaks, as zxcvbn ships them.
_COMMON = frozenset(FREQUENCY_LISTS["passwords"])


# What attackers try first here.
_OURS = ("skillsync", "careerforge", "talenthub")
# Ends that turn a common word into one that only looks better.
_ENDS = "0123456789!?.,-_*#$@ "


def check_strength(password: str, email: str, display_name: str = "", field: str = "password") -> None:
    """Raises InvalidArgument for a password that attackers try first: common ones, ours, and the person's own names, with or without
    digits and marks around. Length is the contract's rule, and there is none about kinds of characters (NIST SP 800-63B 3.1.1.2).
    """
    word = _normal(password).casefold()
    own = {_normal(part).casefold() for part in (email, email.partition("@")[0], display_name, *_OURS) if part}
    if {word, word.strip(_ENDS)} & (_COMMON | own) or len(set(word)) < 4:
        why = "is among the passwords that attackers try first; choose another"
        raise InvalidArgument(field, why, reason="PASSWORD_TOO_COMMON")


def _normal(text: str) -> str:
    """One form for what looks the same, so that a password typed on another keyboard or system is the same password."""
    return unicodedata.normalize("NFKC", text)


async def hash_password(password: str) -> str:
    """The Argon2id hash, parameters included. Runs in a thread: it is slow on purpose."""
    return await asyncio.to_thread(_hasher.hash, _normal(password))


async def password_matches(stored: str | None, password: str) -> bool:
    """Whether `password` gives the `stored` hash; False, after the same time, when nothing is stored."""
    return await asyncio.to_thread(_matches, stored, password)


def _matches(stored: str | None, password: str) -> bool:
    try:
        _hasher.verify(stored or _DECOY, _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None
