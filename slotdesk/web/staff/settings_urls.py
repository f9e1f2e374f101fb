"""The account's settings, under /app/settings/."""

from __future__ import annotations

from django.urls import include, path

from slotdesk.web.staff import account_settings, audit, branding, privacy, translations, websites

urlpatterns = [
    path("account/", account_settings.edit, name="account"),
    path("branding/", branding.edit, name="branding"),
    path("branding/logo/", branding.change_logo, name="branding-logo"),
    path("branding/contrast/", branding.show_contrast, name="branding-contrast"),
    path("branding/header-contrast/", branding.show_header_contrast, name="branding-header-contrast"),
    path("branding/preview/", branding.preview_page, name="branding-preview"),
    path("branding/preview/mail/", branding.preview_mail, name="branding-mail"),
    path("branding/preview/colors.css", branding.preview_colors, name="branding-colors"),
    path("branding/languages/", translations.of_brand, name="branding-languages"),
    path("embedding/", websites.edit, name="embedding"),
    path("e-mail/", include("slotdesk.web.staff.template_urls")),
    path("security/", include("slotdesk.web.staff.security_urls")),
    path("roles/", include("slotdesk.web.staff.role_urls")),
    path("attributes/", include("slotdesk.web.staff.attribute_urls")),
    path("privacy/", privacy.edit, name="privacy"),
    path("privacy/client/", privacy.find_client, name="privacy-client"),
    path("privacy/client/export/", privacy.export, name="privacy-export"),
    path("privacy/client/erasure/", privacy.erase, name="privacy-erasure"),
    path("audit/", audit.list_all, name="audit"),
    path("audit/audit-log.csv", audit.download, name="audit-csv"),
    path("audit/<int:event_id>/", audit.show, name="audit-event"),
]
