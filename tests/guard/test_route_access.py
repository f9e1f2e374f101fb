"""
Who may open which address. A new one does not pass until it stands in this table, where a reviewer sees it.

The decorators are those of web/access.py, web/panel/access.py and hooks/access.py.
"""

from __future__ import annotations

from tests.support.routes import all_routes

ACCESS = {
    "root": "public",
    "staff:home": "requests.view_own",
    "staff:requests": "requests.view_own",
    "staff:request": "requests.view_own",
    "staff:request-timeline": "requests.view_own",
    "staff:request-explanation": "requests.view_own",
    "staff:request-email": "requests.view_own",
    "staff:request-attributes": "requests.create",
    "staff:request-cancellation": "requests.cancel_own",
    "staff:request-client": "requests.create",
    "staff:request-guests": "requests.create",
    "staff:request-guest-removal": "requests.create",
    "staff:request-closing": "requests.cancel_own",
    "staff:request-reschedule": "calendars.edit_own",
    "staff:request-reassignment": "calendars.edit_own",
    "staff:request-retry": "requests.cancel_own",
    "staff:types": "types.view",
    "staff:types-archived": "types.view",
    "staff:type": "types.view",
    "staff:type-new": "types.create",
    "staff:type-copies": "types.create",
    "staff:type-preview": "types.view",
    "staff:type-place": "types.edit",
    "staff:type-archive": "types.delete",
    "staff:users": "users.view",
    "staff:user": "users.view",
    "staff:users-changes": "users.view",
    "staff:user-schedulable": "users.activate",
    "staff:user-attributes": "users.edit",
    "staff:user-details": "users.edit",
    "staff:profile": "requests.view_own",
    "staff:user-handover": "users.delete",
    "staff:user-removal": "users.delete",
    "staff:user-removal-run": "users.delete",
    "staff:user-removal-progress": "users.delete",
    "staff:user-removal-start": "users.delete",
    "staff:user-removal-again": "users.delete",
    "staff:user-deactivation": "users.delete",
    "staff:user-reactivation": "users.delete",
    "staff:account": "account.view",
    "staff:branding": "branding.view",
    "staff:branding-logo": "branding.edit",
    "staff:branding-contrast": "branding.view",
    "staff:branding-preview": "branding.view",
    "staff:branding-mail": "branding.view",
    "staff:branding-colors": "branding.view",
    "staff:attributes": "attributes.view",
    "staff:attribute-new": "attributes.edit",
    "staff:attribute": "attributes.view",
    "staff:attribute-archive": "attributes.edit",
    "staff:attribute-restoration": "attributes.edit",
    "staff:privacy": "privacy.edit",
    "staff:privacy-client": "privacy.edit",
    "staff:privacy-export": "privacy.edit",
    "staff:privacy-erasure": "privacy.edit",
    "staff:audit": "audit.view",
    "staff:audit-event": "audit.view",
    "staff:audit-csv": "audit.view",
    "staff:invitations": "users.add",
    "staff:invitation-new": "users.add",
    "staff:invitation-renewal": "users.add",
    "staff:invitation-revocation": "users.add",
    "staff:user-role": "security.edit",
    "staff:roles": "security.view",
    "staff:role-users": "security.view",
    "staff:role": "security.view",
    "staff:role-new": "security.edit",
    "staff:role-deletion": "security.edit",
    "staff:security": "security.view",
    "staff:second-factor": "security.edit",
    "staff:second-factor-reset": "users.reset_second_factor",
    "staff:single-sign-on": "security.edit",
    "staff:single-sign-on-tried": "security.edit",
    "staff:single-sign-on-switch": "security.edit",
    "staff:single-sign-on-removal": "security.edit",
    "staff:my-hours": "calendars.view_own",
    "staff:user-hours": "calendars.view_own",
    "staff:user-dates": "calendars.edit_own",
    "staff:user-date-removal": "calendars.edit_own",
    "staff:user-time-off": "calendars.view_own",
    "staff:user-time-off-entry": "calendars.edit_own",
    "staff:user-time-off-removal": "calendars.edit_own",
    "staff:user-calendars": "calendars.view_own",
    "staff:user-calendar-reading": "calendars.edit_own",
    "staff:holidays": "users.view",
    "staff:holiday-countries": "users.edit",
    "staff:holiday-list": "users.view",
    "staff:holiday-dates": "users.edit",
    "staff:holiday-date-removal": "users.edit",
    "staff:holiday-list-removal": "users.edit",
    "staff:teams": "teams.view",
    "staff:teams-archived": "teams.view",
    "staff:team-new": "teams.add",
    "staff:team": "teams.view",
    "staff:team-removal": "teams.delete",
    "staff:team-restoration": "teams.delete",
    "staff:join-domain-add": "security.edit",
    "staff:join-domain-remove": "security.edit",
    "staff:integrations": "integrations.view",
    "staff:psa": "integrations.view",
    "staff:psa-statuses": "integrations.view",
    "staff:psa-sync": "integrations.edit",
    "staff:psa-panel": "integrations.edit",
    "staff:psa-changes": "integrations.edit",
    # What a panel is shown before its viewer is proved, and the proof itself.
    "panel:page": "public",
    "panel:session": "public",
    "panel:ticket": "panel token, requests.view_own",
    "panel:requests": "panel token, requests.create",
    "panel:requests-now": "panel token, requests.view_own",
    "panel:explanation": "panel token, requests.view_own",
    "panel:cancellation": "panel token, requests.cancel_own",
    # The link's secret is the key.
    "join:accept": "public",
    "hooks:receive": "vendor signature",
    "public:choose_time": "request link",
    "public:times": "request link",
    "public:details": "request link",
    "public:appointment": "request link",
    "public:invite": "request link",
    "public:cancellation": "request link",
    "public:reschedule": "request link",
    "public:reschedule_times": "request link",
    # The way to a firm's provider, and the provider's word that somebody signed out there.
    "switch_account": "signed in",
    "ask_to_join": "public",
    "single_sign_on": "public",
    "single_sign_on_firm": "public",
    "openid_connect_callback": "public",
    "saml_finish_acs": "public",
    "saml_sls": "public",
    # Colours and logo, which every client sees.
    "public:logo": "public",
    "public:brand": "public",
}
# What we use of the sign-in package. These views guard themselves.
SIGN_IN = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_reauthenticate",
    "account_change_password",
    "account_set_password",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_index",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "mfa_login_webauthn",
    "mfa_reauthenticate_webauthn",
    "openid_connect_login",
    "saml_login",
    "saml_metadata",
    "saml_acs",
    "usersessions_list",
}
TRUSTED = ("allauth.account.", "allauth.mfa.", "allauth.socialaccount.", "allauth.usersessions.")


class TestRoutes:
    def test_of_ours_wear_exactly_the_access_of_the_table(self) -> None:
        assert {route.name: route.access for route in all_routes() if route.is_ours} == ACCESS

    def test_of_others_come_from_the_sign_in_alone(self) -> None:
        strangers = [route.path for route in all_routes() if not route.is_ours]

        assert {route.name for route in all_routes() if not route.is_ours} == SIGN_IN
        assert [path for path in strangers if not path.startswith("accounts/")] == []
        assert [
            route.path for route in all_routes() if not route.is_ours and not route.view.__module__.startswith(TRUSTED)
        ] == []

    def test_have_names_of_their_own(self) -> None:
        names = [route.name for route in all_routes()]

        assert len(names) == len(set(names))
