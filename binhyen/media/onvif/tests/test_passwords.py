"""Defaults are tried, few and spaced; a camera is not locked by being tried."""

import asyncio
from itertools import pairwise

from binhyen.contracts import SystemClock
from binhyen.contracts.devices import PasswordTrial, Tried
from binhyen.media.onvif import passwords
from binhyen.media.onvif.passwords import GUESSES_MAX, PasswordTrials, guesses_for, is_default
from binhyen.media.onvif.testing import Misdeed, OnvifCameras
from binhyen.media.onvif.tests.conftest import LOCAL, PASSWORD, a_double, login


class Trying:
    """A node's trials, with pauses that are noted instead of waited for."""

    def __init__(self, open_to_nobody=False):
        self.pauses, self.looked_at = [], []
        self._open = open_to_nobody
        self.trials = PasswordTrials(policy=LOCAL, clock=SystemClock(), open_stream=self._look, pause=self._pause)

    async def _pause(self, seconds):
        self.pauses.append(seconds)

    async def _look(self, url):
        self.looked_at.append(url)
        return self._open

    def run(self, camera, who=None, stream_url=""):
        return asyncio.run(self.trials.run(PasswordTrial(who or login(camera), stream_url)))


def test_a_camera_that_refuses_defaults_passes_and_is_not_locked():
    camera, trying = a_double(lock_after=5), Trying()
    with OnvifCameras(camera):
        told = trying.run(camera, stream_url="rtsp://127.0.0.1/x")
    assert (told.nobody, told.default, told.stream, told.error) == (Tried.REFUSED, Tried.REFUSED, Tried.REFUSED, "")
    assert told.tries == GUESSES_MAX
    assert trying.pauses == [passwords.BETWEEN_S] * GUESSES_MAX
    assert camera.guard.wrong == 0  # the right password came last


def test_a_default_that_is_accepted_is_found_whatever_password_was_given():
    camera = a_double(maker="HIKVISION", accounts={"admin": "12345", "khách": PASSWORD})
    with OnvifCameras(camera):
        told = Trying().run(camera, login(camera, "khách"))
    assert (told.default, told.accepted_user, told.tries) == (Tried.ACCEPTED, "admin", 1)


def test_a_default_that_was_typed_needs_no_guessing():
    camera = a_double(accounts={"admin": "admin"})
    with OnvifCameras(camera):
        told = Trying().run(camera, login(camera, password="admin"))
    assert (told.default, told.accepted_user, told.tries) == (Tried.ACCEPTED, "admin", 0)


def test_a_camera_open_to_everybody_is_told_as_such():
    camera = a_double(accounts={})
    with OnvifCameras(camera):
        told = Trying(open_to_nobody=True).run(camera, stream_url="rtsp://127.0.0.1/x")
    assert (told.nobody, told.default, told.stream) == (Tried.ACCEPTED, Tried.UNKNOWN, Tried.ACCEPTED)


def test_the_same_camera_is_left_alone_afterwards():
    camera, trying = a_double(), Trying()
    with OnvifCameras(camera):
        trying.run(camera)
        asked = len(camera.asked)
        assert trying.run(camera).error == passwords.TOO_SOON
        assert len(camera.asked) == asked


def test_a_locked_camera_is_not_tried_further():
    camera = a_double(lock_after=2)
    with OnvifCameras(camera):
        told = Trying().run(camera)
    assert "đang khóa" in told.error
    assert camera.guard.wrong == 2


def test_a_camera_that_answers_nonsense_proves_nothing():
    camera = a_double(misdeed=Misdeed.GARBAGE)
    with OnvifCameras(camera):
        told = Trying().run(camera)
    assert (told.nobody, told.default) == (Tried.UNKNOWN, Tried.UNKNOWN)


def test_lists_are_short_and_begin_with_the_makers_own():
    for maker in ("", "Hikvision Digital", "DAHUA", "Axis", "không ai biết"):
        guesses = guesses_for(maker)
        assert len(guesses) == len(set(guesses)) == GUESSES_MAX
        assert not any(first == second for first, second in pairwise(guesses))
    assert guesses_for("Dahua Technology")[0] == ("admin", "admin")
    assert guesses_for("AXIS")[0] == ("root", "pass")


def test_what_counts_as_a_default():
    assert is_default("admin", "")
    assert is_default("admin", "12345")
    assert is_default("Camera", "camera")
    assert not is_default("admin", PASSWORD)
