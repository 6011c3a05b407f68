"""What is true of every request: where it came from, and that what we answer is nobody else's to keep."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]

UNUSED_BY_US = "accelerometer=(), camera=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()"


def real_address(handle: Handler) -> Handler:
    """REMOTE_ADDR is the asker, for the access log and for rate limits.

    Each trusted proxy appends the address it was called from, so the asker stands as many places from
    the right as there are proxies. What stands further left was written by the asker and is not believed.
    """
    proxies = settings.ENVIRONMENT.proxies

    def middleware(request: HttpRequest) -> HttpResponse:
        passed_on = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if proxies and len(passed_on) >= proxies and passed_on[-proxies].strip():
            request.META["REMOTE_ADDR"] = passed_on[-proxies].strip()
        return handle(request)

    return middleware


def keep_private(handle: Handler) -> Handler:
    """No page stays in a cache or in the history of a shared computer. Files never come this way."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = handle(request)
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Permissions-Policy", UNUSED_BY_US)
        return response

    return middleware
