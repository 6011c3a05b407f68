"""Every address begins here: one line for each audience."""

from django.apps import apps
from django.urls import include, path

from alongside.config import views

urlpatterns = [
    path("", views.choose_your_door, name="choose_your_door"),
    path("health/live", views.live, name="health_live"),
    path("health/ready", views.ready, name="health_ready"),
    path("", include("alongside.access.sign_in.urls")),
    path("staff/", include("alongside.staff.urls")),
]
if apps.is_installed("demo"):
    urlpatterns.append(path("demo/", include("demo.urls")))

handler400 = "alongside.kernel.error_pages.bad_request"
handler403 = "alongside.kernel.error_pages.not_allowed"
handler404 = "alongside.kernel.error_pages.not_found"
handler429 = "alongside.kernel.error_pages.too_many_requests"  # allauth's limits ask for it by this name
handler500 = "alongside.kernel.error_pages.server_error"
