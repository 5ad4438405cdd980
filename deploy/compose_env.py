"""Prints fresh secrets for docker-compose.yml: `(umask 077; python3 deploy/compose_env.py > .env)`."""

import secrets

NAMES = (
    "SUPERUSER_PASSWORD",
    "OWNER_PASSWORD",
    "USER_PASSWORD",
    "CAREERFORGE_PASSWORD",
    "TALENTHUB_PASSWORD",
    "MATCHING_PASSWORD",
    "BILLING_PASSWORD",
    "REDIS_PASSWORD",
    "S3_ACCESS_KEY",
    "S3_SECRET_KEY",
    "SEAL_KEY",
)

if __name__ == "__main__":
    for name in NAMES:
        print(f"{name}={secrets.token_hex(24)}")
