"""Distinct people for several places."""

from __future__ import annotations

from collections.abc import Sequence


def match_distinct(options: Sequence[Sequence[int]]) -> list[int] | None:
    """
    Return one person for each place, nobody twice, or None when that cannot be.

    options   for each place, who could fill it; earlier ones are tried first, but not kept at the price of a gap
    """
    place_of: dict[int, int] = {}
    for place in range(len(options)):
        if not _find_person(place, options, place_of, set()):
            return None
    person_at = {place: person for person, place in place_of.items()}
    return [person_at[place] for place in range(len(options))]


def _find_person(place: int, options: Sequence[Sequence[int]], place_of: dict[int, int], tried: set[int]) -> bool:
    """Give the place somebody, moving those who are placed already to other places where needed."""
    for person in options[place]:
        if person in tried:
            continue
        tried.add(person)
        if person not in place_of or _find_person(place_of[person], options, place_of, tried):
            place_of[person] = place
            return True
    return False
