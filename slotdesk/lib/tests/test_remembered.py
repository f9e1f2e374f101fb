from itertools import count

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
