"""Ending a person's sessions: whoever holds one is nobody with the next click."""

from __future__ import annotations

from collections.abc import Collection

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction


@transaction.atomic(durable=True)
def end_session(*, user_id: int, session_id: int) -> bool:
    """End one session of the person, by its row; return whether there was such a one. Somebody else's is none."""
    theirs = UserSession.objects.filter(user_id=user_id, pk=session_id)
    keys = list(theirs.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    theirs.delete()
    return bool(keys)


def end_sessions(user_ids: Collection[int]) -> None:
    """
    End every session of these people, in whatever browser, with the caller's transaction.

    The sign-in package writes down each session when it begins and with each request. Sessions belong to the person:
    whoever has a place in another account too signs in there again.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("Sessions end together with the change that ends them; open a transaction around both.")
    theirs = UserSession.objects.filter(user_id__in=user_ids)
    Session.objects.filter(session_key__in=list(theirs.values_list("session_key", flat=True))).delete()
    theirs.delete()
