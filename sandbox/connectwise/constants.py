"""Who the stand-in's MSP is and which keys open its API. They are demo keys: public, and worth nothing elsewhere."""

from __future__ import annotations

COMPANY_ID = "summit"
COMPANY_NAME = "Summit MSP"
EMAIL_DOMAIN = "summit.example"

CODEBASE = "v2026_1"
CODEBASE_ALIAS = "v4_6_release"
VERSION_CODE = "v2026.1"
VERSION_NUMBER = "v4.6.91234"

CLIENT_ID = "7c2f9a50-3d3e-4c1b-9a8e-5f0d2b6e4a11"
PUBLIC_KEY = "demoPublicKey01"
PRIVATE_KEY = "demoPrivateKey01"

# A second API member, whose security role lacks what scheduling needs: for trying out a permission check.
LIMITED_PUBLIC_KEY = "demoPublicKey02"
LIMITED_PRIVATE_KEY = "demoPrivateKey02"

API_MEMBER = "SchedulingAPI"
LIMITED_API_MEMBER = "ReadOnlyAPI"
