"""What a person chose: which channels carry a topic, when to be left in peace, when digests come."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.utils.timezone import localtime

from binhyen.kernel.accounts.models import User
from binhyen.kernel.notify.channel import Channel
from binhyen.kernel.notify.channels import channels
from binhyen.kernel.notify.models import Preferences, TopicChoice
from binhyen.kernel.notify.topics import Topic
from binhyen.kernel.units.authority import Refusal, Refused

DAY = timedelta(days=1)


def preferences_of(user: User) -> Preferences:
    """The person's own, or the default ones, not saved."""
    return Preferences.objects.filter(user=user).first() or Preferences(user=user)


def choice_of(user: User, topic: Topic) -> TopicChoice:
    """What `user` chose for `topic`, or nothing yet, not saved."""
    found = TopicChoice.objects.filter(user=user, topic=topic.code).first()
    return found or TopicChoice(user=user, topic=topic.code)


def choices_of(user: User, topics: Iterable[Topic]) -> dict[str, TopicChoice]:
    """What `user` chose for each of `topics`, by code, in one query."""
    saved = {choice.topic: choice for choice in TopicChoice.objects.filter(user=user)}
    return {topic.code: saved.get(topic.code) or TopicChoice(user=user, topic=topic.code) for topic in topics}


def codes_on(topic: Topic, choice: TopicChoice) -> set[str]:
    """Channels that carry `topic` under `choice`, whether or not the person can be reached there.

    What duty requires goes at least by its own channels; a person may add to them.
    """
    wanted = set(topic.channels) | set(choice.switched_on)
    return wanted - set(choice.switched_off) if topic.may_switch_off else wanted


def channels_for(user: User, topic: Topic, choice: TopicChoice | None = None) -> list[Channel]:
    """The channels that carry a message of `topic` to `user` now."""
    wanted = codes_on(topic, choice or choice_of(user, topic))
    able = [channel for code, channel in channels().items() if code in wanted and channel.is_set_up()]
    return [channel for channel in able if channel.is_ready_for(user)]


def choose(user: User, topic: Topic, *, on: Iterable[str], pace: str) -> TopicChoice:
    """Let exactly the channels `on` carry `topic` for `user`. Raises Refused where duty forbids switching one off."""
    on = set(on) & set(channels())
    default = set(topic.channels) & set(channels())
    if not topic.may_switch_off and not default <= on:
        raise Refused(must_stay_on(topic))
    saved, _ = TopicChoice.objects.update_or_create(
        user=user,
        topic=topic.code,
        defaults={
            "switched_on": sorted(on - default),
            "switched_off": sorted(default - on),
            "pace": TopicChoice.Pace.INSTANT if topic.is_urgent else TopicChoice.Pace(pace),
        },
    )
    return saved


def switch_off(user: User, topic: Topic, channel: str) -> None:
    """Let `channel` no longer carry `topic` for `user`. Raises Refused where duty forbids it."""
    if not topic.may_switch_off:
        raise Refused(must_stay_on(topic))
    choice = choice_of(user, topic)
    choose(user, topic, on=codes_on(topic, choice) - {channel}, pace=choice.pace)


def must_stay_on(topic: Topic) -> Refusal:
    """Why `topic` cannot be switched off."""
    return Refusal(
        f"Không tắt được “{topic.label}”: {topic.why_not}",
        code="required_message",
        remedy="Anh/Chị vẫn có thể tắt những loại tin khác.",
    )


def after_quiet_hours(preferences: Preferences, at: datetime) -> datetime:
    """`at`, or the end of the quiet hours that it lies in. Equal hours mean that there are none."""
    here = localtime(at)
    start, end = preferences.quiet_from, preferences.quiet_until
    now = here.time()
    is_over_midnight = start > end
    is_quiet = (now >= start or now < end) if is_over_midnight else start <= now < end
    if not is_quiet:
        return at
    day = here + DAY if is_over_midnight and now >= start else here
    return _at(day, end)


def next_digest(preferences: Preferences, pace: str, at: datetime) -> datetime:
    """When the digest comes that a message of `at` goes into."""
    first = _at(localtime(at), preferences.digest_at)
    if first <= at:
        first += DAY
    if pace == TopicChoice.Pace.WEEKLY:
        first += ((preferences.digest_weekday - first.weekday()) % 7) * DAY
    return first


def _at(day: datetime, hour: time) -> datetime:
    return day.replace(hour=hour.hour, minute=hour.minute, second=0, microsecond=0)
