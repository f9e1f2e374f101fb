"""What clients open: everything below their secret link, and the account's colours."""

from __future__ import annotations

from django.urls import include, path, re_path

from slotdesk.web.public import changes, embed_script, link_urls, logo, opening_views, views

app_name = "public"
urlpatterns = [
    path("embed.js", embed_script.show, name="embed_script"),
    path("schedule/<str:token>/", views.choose_time, name="choose_time"),
    path("schedule/<str:token>/times/", views.times, name="times"),
    path("schedule/<str:token>/details/", views.details, name="details"),
    path("schedule/opening/<str:token>/", opening_views.alert, name="opening_alert"),
    path("schedule/<str:token>/opening/", opening_views.opening, name="opening"),
    path("schedule/<str:token>/appointment/", views.appointment, name="appointment"),
    path("schedule/<str:token>/appointment/invite.ics", views.invite, name="invite"),
    path("schedule/<str:token>/appointment/cancellation/", changes.cancellation, name="cancellation"),
    path("schedule/<str:token>/appointment/reschedule/", changes.reschedule, name="reschedule"),
    path("schedule/<str:token>/appointment/reschedule/times/", changes.reschedule_times, name="reschedule_times"),
    path("brand/<str:account_id>/<str:digest>.png", logo.show, name="logo"),
    path("brand/<str:account_id>.css", views.brand, name="brand"),
    re_path(r"^(?:@(?P<account>[A-Za-z0-9_-]+)/)?", include(link_urls.urlpatterns)),
]
