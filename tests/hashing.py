"""Argon2 as the platform keeps passwords with it, at the least it can cost."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    """Hash in well under a millisecond: what the tests try is who gets in, not how long a thief would guess."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
