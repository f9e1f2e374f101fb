"""Lists of holidays, under /app/holidays/."""

from __future__ import annotations

from django.urls import path

from slotdesk.web.staff import holidays

urlpatterns = [
    path("", holidays.list_all, name="holidays"),
    path("countries/", holidays.follow, name="holiday-countries"),
    path("<str:public_id>/", holidays.edit, name="holiday-list"),
    path("<str:public_id>/dates/", holidays.add, name="holiday-dates"),
    path("<str:public_id>/dates/<int:holiday_id>/removal/", holidays.remove_date, name="holiday-date-removal"),
    path("<str:public_id>/removal/", holidays.remove, name="holiday-list-removal"),
]
