"""How accounts come to be: an administrator makes them. Nobody signs up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class StaffAccounts(DefaultAccountAdapter):
    """allauth asks this whether a stranger may make an account."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
