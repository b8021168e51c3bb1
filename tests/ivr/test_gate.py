"""One computes at a time, and nobody waits for ever."""

import threading

from ivr.gate import Gate


class Visitor:
    """A thread that enters, says so, and leaves when told."""

    def __init__(self, gate: Gate) -> None:
        self.entered, self.may_go = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._visit, args=(gate,))
        self._thread.start()

    def _visit(self, gate: Gate) -> None:
        gate.enter()
        self.entered.set()
        self.may_go.wait(20)
        gate.leave()

    def go(self) -> None:
        self.may_go.set()
        self._thread.join()


def test_the_next_enters_when_the_one_inside_leaves() -> None:
    gate = Gate(patience_s=20)
    first = Visitor(gate)
    assert first.entered.wait(20)
    second = Visitor(gate)
    assert not second.entered.wait(0.1)
    first.go()
    assert second.entered.wait(20)
    second.go()


def test_one_who_never_leaves_holds_nobody_up_for_long() -> None:
    gate = Gate(patience_s=0.01)
    stuck = Visitor(gate)
    assert stuck.entered.wait(20)
    others = [Visitor(gate) for _ in range(3)]
    assert all(other.entered.wait(20) for other in others)
    for visitor in (*others, stuck):
        visitor.go()


def test_leaving_without_being_inside_lets_nobody_else_in() -> None:
    gate = Gate(patience_s=20)
    gate.leave()
    inside = Visitor(gate)
    assert inside.entered.wait(20)
    gate.leave()
    waiting = Visitor(gate)
    assert not waiting.entered.wait(0.1)
    inside.go()
    assert waiting.entered.wait(20)
    waiting.go()
