"""Password hashing (Argon2id) and the one rule a password must meet: long enough and not well known."""

import asyncio

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


def check_strength(password: str) -> None:
    """Raises InvalidArgument for a password that attackers try first. Length is the contract's rule."""
    if password.casefold() in _COMMON:
        raise InvalidArgument(
            "password", "is among the most used passwords; choose another", reason="PASSWORD_TOO_COMMON"
        )


async def hash_password(password: str) -> str:
    """The Argon2id hash, parameters included. Runs in a thread: it is slow on purpose."""
    return await asyncio.to_thread(_hasher.hash, password)


async def password_matches(stored: str | None, password: str) -> bool:
    """Whether `password` gives the `stored` hash; False, after the same time, when nothing is stored."""
    return await asyncio.to_thread(_matches, stored, password)


def _matches(stored: str | None, password: str) -> bool:
    try:
        _hasher.verify(stored or _DECOY, password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None
