"""Who does something, and from where."""

from __future__ import annotations


class Actor(str):
    """
    A person's name as staff read it, which also knows from where they act.

    Operations take an actor as text; the audit log keeps the address and the member of one that has them.
    """

    __slots__ = ("address", "member_id")

    address: str
    member_id: str

    def __new__(cls, name: str, *, address: str = "", member_id: str = "") -> Actor:
        actor = super().__new__(cls, name)
        actor.address = address
        actor.member_id = member_id
        return actor
