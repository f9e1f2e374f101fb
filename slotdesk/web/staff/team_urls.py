"""Teams, under /app/teams/."""

from __future__ import annotations

from django.urls import path

from slotdesk.web.staff import embed_pages, public_page, teams, translations

urlpatterns = [
    path("", teams.list_all, name="teams"),
    path("archived/", teams.list_archived, name="teams-archived"),
    path("new/", teams.create, name="team-new"),
    path("<str:public_id>/", teams.edit, name="team"),
    path("<str:public_id>/page/", public_page.edit_team, name="team-page"),
    path("<str:public_id>/page/preview/", public_page.preview_team, name="team-page-preview"),
    path("<str:public_id>/page/embedding/", embed_pages.show_team, name="team-page-embedding"),
    path("<str:public_id>/page/languages/", translations.of_team_page, name="team-page-languages"),
    path("<str:public_id>/removal/", teams.remove, name="team-removal"),
    path("<str:public_id>/restoration/", teams.restore, name="team-restoration"),
]
