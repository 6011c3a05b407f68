"""What the launcher shows of a demonstration."""

from collections.abc import Mapping

from alongside.access.models import Force
from alongside.care.models import CareRecord


def sign_ins(tokens: Mapping[str, str], *, base_url: str) -> dict[str, str]:
    """A role and its single-use address, in the order in which they are shown."""
    return {role: f"{base_url.rstrip('/')}/demo/sign-in/{token}/" for role, token in tokens.items()}


def care_records(of: Force) -> int:
    return CareRecord.objects.filter(force=of).count()
