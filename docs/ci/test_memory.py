"""Two tests with the fixture of conftest.py."""

import service


def test_an_answer_leaves_nothing_behind(recording):
    recording.repeat(lambda: service.answer("who is there"))
    found = recording.check()
    assert found.returncode == 0, found.stdout


def test_a_leak_is_found(recording):
    recording.repeat(lambda: service.connect("a client"))
    found = recording.check()
    assert found.returncode == 1
    assert "service.py:11" in found.stdout
