"""How passwords are hashed: Argon2id at the memory and time that OWASP recommends for servers."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2Hasher(Argon2PasswordHasher):
    """Django's defaults take 100 MiB and eight threads a hash, more than eight sign-ins at once may cost here.

    19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet). Older hashes are written anew at sign-in.
    """

    time_cost = 2
    memory_cost = 19456  # KiB
    parallelism = 1
