"""The pages of those who work with care records."""

from django.urls import include, path

from alongside.staff import reassign, worklist

app_name = "staff"
urlpatterns = [
    path("", worklist.worklist, name="worklist"),
    path("records/", include("alongside.staff.record_urls")),
    path("worklist/filters/new/", worklist.save_filter, name="worklist_save_filter"),
    path("worklist/filters/<uuid:filter_id>/delete/", worklist.delete_filter, name="worklist_delete_filter"),
    path("worklist/reassign/", reassign.choose, name="reassign"),
    path("worklist/reassign/confirm/", reassign.confirm, name="reassign_confirm"),
]
