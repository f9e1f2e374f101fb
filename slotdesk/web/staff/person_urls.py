"""When a person works and by which calendars, under /app/users/."""

from __future__ import annotations

from django.urls import path

from slotdesk.web.staff import calendars, embed_pages, hours, meeting_link, notices, public_page, time_off, translations

urlpatterns = [
    path("<str:public_id>/hours/", hours.edit, name="user-hours"),
    path("<str:public_id>/dates/", hours.add_date, name="user-dates"),
    path("<str:public_id>/dates/<int:override_id>/removal/", hours.remove_date, name="user-date-removal"),
    path("<str:public_id>/time-off/", time_off.edit_all, name="user-time-off"),
    path("<str:public_id>/time-off/<int:time_off_id>/", time_off.edit, name="user-time-off-entry"),
    path("<str:public_id>/time-off/<int:time_off_id>/removal/", time_off.remove, name="user-time-off-removal"),
    path("<str:public_id>/meeting-link/", meeting_link.edit, name="user-meeting-link"),
    path("<str:public_id>/notices/", notices.edit, name="user-notices"),
    path("<str:public_id>/page/", public_page.edit_personal, name="user-page"),
    path("<str:public_id>/page/preview/", public_page.preview_personal, name="user-page-preview"),
    path("<str:public_id>/page/embedding/", embed_pages.show_personal, name="user-page-embedding"),
    path("<str:public_id>/page/languages/", translations.of_personal_page, name="user-page-languages"),
    path("<str:public_id>/calendars/", calendars.edit, name="user-calendars"),
    path("<str:public_id>/calendars/<int:calendar_id>/reading/", calendars.read_now, name="user-calendar-reading"),
]
