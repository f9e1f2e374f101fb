"""The staff app, under /app/."""

from __future__ import annotations

from django.urls import include, path

from slotdesk.web.staff import (
    attribute_values,
    connections,
    details,
    explanation,
    handover,
    home,
    hours,
    presets,
    requests,
    types,
    user_actions,
    user_changes,
    user_overview,
    users,
)

app_name = "staff"

urlpatterns = [
    path("", home.open_first_page, name="home"),
    path("requests/", requests.list_all, name="requests"),
    path("requests/<str:public_id>/", requests.show, name="request"),
    path("requests/<str:public_id>/timeline/", requests.show_timeline, name="request-timeline"),
    path("requests/<str:public_id>/explanation/", explanation.show, name="request-explanation"),
    path("requests/<str:public_id>/attributes/", attribute_values.fill_in_of_request, name="request-attributes"),
    path("requests/<str:public_id>/cancellation/", requests.cancel, name="request-cancellation"),
    path("requests/<str:public_id>/steps/<int:step_run_id>/retry/", requests.retry, name="request-retry"),
    path("requests/<str:public_id>/emails/<int:email_id>/", requests.show_email, name="request-email"),
    path("types/", types.list_all, name="types"),
    path("types/archived/", types.list_archived, name="types-archived"),
    path("types/new/", types.create, name="type-new"),
    path("types/<str:public_id>/", types.edit, name="type"),
    path("types/<str:public_id>/archive/", types.archive, name="type-archive"),
    path("invitations/", include("slotdesk.web.staff.invitation_urls")),
    path("users/", users.list_all, name="users"),
    path("users/changes/", user_changes.change_many, name="users-changes"),
    path("users/<str:public_id>/", user_overview.show, name="user"),
    path("users/<str:public_id>/details/", details.edit, name="user-details"),
    path("users/<str:public_id>/attributes/", attribute_values.fill_in_of_user, name="user-attributes"),
    path("users/<str:public_id>/handover/", handover.hand_over, name="user-handover"),
    path("users/<str:public_id>/removal/", include("slotdesk.web.staff.removal_urls")),
    path("users/<str:public_id>/deactivation/", user_overview.deactivate, name="user-deactivation"),
    path("users/<str:public_id>/reactivation/", user_overview.reactivate, name="user-reactivation"),
    path("users/<str:public_id>/role/", user_actions.give_role, name="user-role"),
    path("users/<str:public_id>/schedulable/", user_actions.switch_schedulable, name="user-schedulable"),
    path("users/", include("slotdesk.web.staff.person_urls")),
    path("profile/", details.edit_own, name="profile"),
    path("hours/", hours.show_own, name="my-hours"),
    path("holidays/", include("slotdesk.web.staff.holiday_urls")),
    path("teams/", include("slotdesk.web.staff.team_urls")),
    path("settings/", include("slotdesk.web.staff.settings_urls")),
    path("integrations/", connections.list_all, name="integrations"),
    path("integrations/psa/<slug:kind>/", connections.edit, name="psa"),
    path("integrations/psa/<slug:kind>/sync/", connections.sync, name="psa-sync"),
    path("integrations/psa/<slug:kind>/panel/", connections.install, name="psa-panel"),
    path("integrations/psa/<slug:kind>/changes/", connections.subscribe, name="psa-changes"),
    path("integrations/psa/<slug:kind>/statuses/", presets.edit, name="psa-statuses"),
]
