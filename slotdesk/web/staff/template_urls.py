"""Settings → E-mail templates."""

from __future__ import annotations

from django.urls import path

from slotdesk.web.staff import template_preview, templates, translations

urlpatterns = [
    path("", templates.list_all, name="templates"),
    path("built-in/", templates.show_built_in, name="template-built-in"),
    path("new/", templates.create, name="template-new"),
    path("preview/", template_preview.show, name="template-preview"),
    path("<str:public_id>/", templates.edit, name="template"),
    path("<str:public_id>/languages/", translations.of_template, name="template-languages"),
    path("<str:public_id>/deletion/", templates.delete, name="template-deletion"),
]
