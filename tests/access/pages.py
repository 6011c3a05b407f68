"""Two gated pages to try the gate with: a form, and what only a supervisor may do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path

from alongside.access import drafts, gate
from alongside.access.permissions import Permission
from alongside.config import urls
from alongside.kernel import forms
from alongside.kernel.errors import NotFound


class Words(forms.ActionForm):
    words = forms.TextArea("Words")
    when = forms.DateField("Day")
    password = forms.PasswordField("Password", required=False)


@gate.staff(Permission.ADD_EVENT)
def write(request: HttpRequest) -> HttpResponse:
    form = Words(request.POST or None)
    if form.is_valid():
        return redirect("/staff/test/")
    kept = drafts.refill(form, request)
    return HttpResponse(
        f"{form['words']}{form['when']} kept={kept.saved_at if kept else None} errors={dict(form.errors)}"
    )


@gate.staff(Permission.REASSIGN_IN_BULK)
def supervise(request: HttpRequest) -> HttpResponse:
    return HttpResponse("supervised")


@gate.staff(Permission.ADD_EVENT)
def missing(request: HttpRequest) -> HttpResponse:
    raise NotFound


urlpatterns = [
    path("staff/test/", write),
    path("staff/test/supervise/", supervise),
    path("staff/test/missing/", missing),
    path("", include(urls.urlpatterns)),
]
handler404 = urls.handler404
handler403 = urls.handler403
handler429 = urls.handler429
