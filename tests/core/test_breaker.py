from core.breaker import Breaker


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


def broken():
    clock = Clock()
    breaker = Breaker(failures=3, rest_s=30, clock=clock)
    for _ in range(3):
        assert breaker.lets_through()
        breaker.failed()
    return breaker, clock


def test_it_opens_after_so_many_failures_in_a_row():
    breaker, clock = broken()
    assert not breaker.lets_through()
    clock.now += 29.9
    assert not breaker.lets_through()


def test_a_success_between_failures_keeps_it_closed():
    breaker = Breaker(failures=2, clock=Clock())
    for _ in range(5):
        breaker.failed()
        breaker.worked()
    breaker.failed()
    assert breaker.lets_through()


def test_after_the_rest_one_call_finds_out_and_the_others_wait():
    breaker, clock = broken()
    clock.now += 30
    assert breaker.lets_through()
    assert not breaker.lets_through()


def test_it_closes_when_that_call_works():
    breaker, clock = broken()
    clock.now += 30
    assert breaker.lets_through()
    breaker.worked()
    assert breaker.lets_through()
    breaker.failed()
    assert breaker.lets_through()  # the count begins anew


def test_it_stays_open_when_that_call_fails():
    breaker, clock = broken()
    clock.now += 30
    assert breaker.lets_through()
    clock.now += 5
    breaker.failed()
    clock.now += 29.9
    assert not breaker.lets_through()
    clock.now += 0.1
    assert breaker.lets_through()


def test_a_call_that_never_comes_back_does_not_keep_it_open_for_ever():
    breaker, clock = broken()
    clock.now += 30
    assert breaker.lets_through()
    clock.now += 30
    assert breaker.lets_through()


def test_by_default_five_failures_open_it_for_half_a_minute():
    clock = Clock()
    breaker = Breaker(clock=clock)
    for n in range(5):
        assert breaker.lets_through(), n
        breaker.failed()
    assert not breaker.lets_through()
    clock.now += 30
    assert breaker.lets_through()
