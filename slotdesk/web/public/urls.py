"""What clients open: everything below their secret link, and the account's colours."""

from __future__ import annotations

from django.urls import path

from slotdesk.web.public import views

app_name = "public"
urlpatterns = [
    path("schedule/<str:token>/", views.choose_time, name="choose_time"),
    path("schedule/<str:token>/times/", views.times, name="times"),
    path("schedule/<str:token>/details/", views.details, name="details"),
    path("schedule/<str:token>/appointment/", views.appointment, name="appointment"),
    path("schedule/<str:token>/appointment/invite.ics", views.invite, name="invite"),
    path("brand/<str:account_id>.css", views.brand, name="brand"),
]
