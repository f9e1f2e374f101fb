import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest

from slotdesk.lib.remembered import Remembered


class TestRemembered:
    def test_asks_once_for_each_key(self) -> None:
        answers: Remembered[str, int] = Remembered(seconds=1000)
        counter = count()

        assert [answers.get(key, lambda: next(counter)) for key in ("a", "b", "a")] == [0, 1, 0]

    def test_asks_again_when_the_answer_is_too_old(self) -> None:
        answers: Remembered[str, int] = Remembered(seconds=0)
        counter = count()

        assert [answers.get("a", lambda: next(counter)) for _ in range(2)] == [0, 1]

    def test_drops_the_oldest_when_it_is_full(self) -> None:
        answers: Remembered[int, int] = Remembered(seconds=1000, size=2)
        for n in (1, 2, 3):
            answers.get(n, lambda: 0)

        assert answers.get(3, lambda: 100) == 0
        assert answers.get(1, lambda: 100) == 100

    def test_forgets_only_what_is_old_enough(self) -> None:
        answers: Remembered[str, int] = Remembered(seconds=1000)
        answers.get("a", lambda: 1)

        assert not answers.forget("a", older_than=500)
        assert answers.forget("a")
        assert not answers.forget("a")
        assert answers.get("a", lambda: 2) == 2

    def test_lets_those_who_come_meanwhile_wait_for_the_one_who_asks(self) -> None:
        answers: Remembered[str, int] = Remembered(seconds=1000)
        counter, everybody_is_here = count(), threading.Barrier(4)

        def ask() -> int:
            everybody_is_here.wait(timeout=30)
            return next(counter)

        def come() -> int:
            everybody_is_here.wait(timeout=30)
            return answers.get("a", ask)

        with ThreadPoolExecutor(4) as pool:
            first = pool.submit(answers.get, "a", ask)
            others = [pool.submit(come) for _ in range(3)]

            assert [first.result(timeout=30), *(other.result(timeout=30) for other in others)] == [0, 0, 0, 0]

    def test_has_those_who_waited_in_vain_ask_for_themselves(self) -> None:
        answers: Remembered[str, int] = Remembered(seconds=1000)
        asked, may_fail = threading.Event(), threading.Event()

        def fail() -> int:
            asked.set()
            may_fail.wait(timeout=30)
            raise OSError("away")

        with ThreadPoolExecutor(2) as pool:
            first = pool.submit(answers.get, "a", fail)
            asked.wait(timeout=30)
            second = pool.submit(answers.get, "a", lambda: 7)
            may_fail.set()

            assert second.result(timeout=30) == 7
            with pytest.raises(OSError, match="away"):
                first.result(timeout=30)
