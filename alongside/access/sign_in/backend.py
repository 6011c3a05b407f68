"""Who a session belongs to."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from alongside.access.models import User


class StaffBackend(AuthenticationBackend):
    """Asked on every request, so in one statement: the person, their force, and what their session hangs on.

    Whoever was deactivated is nobody from their next request on.
    """

    def get_user(self, user_id: Any) -> User | None:
        user = User.objects.select_related("force", "credential").filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None
