"""Empty the outbox. In: an archive with deliveries. Out: folders, feeds and posts; `Event`s that say so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from leggio.errors import LeggioError
from leggio.files import sweep_parts, write_whole
from leggio.news.watch.archive import Archive, format_time
from leggio.news.watch.clippings import WriteClip, describe_clipping, write_clipping
from leggio.news.watch.feed import MAX_ENTRIES, build_feed
from leggio.news.watch.outbox import (
    Channel,
    Target,
    finish,
    list_due,
    list_entries,
    load_clipping,
    postpone,
)
from leggio.news.watch.subjects import Subject, name_subject
from leggio.news.watch.webhook import Post, Refusal, choose_wait, post_clipping, post_with_urllib


class EventKind(Enum):
    """What happened."""

    READ = "read"
    COPY = "copy"
    FAILED = "failed"
    CLIPPED = "clipped"
    POSTED = "posted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, as a sentence; `path` is what was written, where something was."""

    kind: EventKind
    sentence: str
    path: Path | None = None


class Deliverer:
    """Brings clippings to folders below `out`, to feeds there, and to webhooks; `clock` gives seconds since 1970."""

    def __init__(
        self, archive: Archive, out: Path, write_clip: WriteClip | None, clock: Callable[[], float],
        post: Post = post_with_urllib,
    ) -> None:  # fmt: skip
        self.archive = archive
        self.out = out
        self._write_clip = write_clip
        self._clock = clock
        self._post = post

    def deliver(self) -> Iterator[Event]:
        """Try all that is due; what cannot be delivered now stays."""
        yield from self.deliver_folders()
        yield from self.deliver_feeds()
        yield from self.deliver_webhooks()

    def deliver_folders(self) -> Iterator[Event]:
        """A folder for each clipping."""
        for delivery in list_due(self.archive, Channel.FOLDER, self._clock()):
            clipping = load_clipping(self.archive, delivery.clipping)
            try:
                folder, lacking = write_clipping(clipping, self.out, self._write_clip)
            except LeggioError as error:
                due = self._clock() + choose_wait(delivery.attempts)
                postpone(self.archive, delivery, due, str(error), others_too=True)
                yield Event(EventKind.REFUSED, str(error))
                return
            finish(self.archive, [delivery], format_time(self._clock()))
            yield Event(EventKind.CLIPPED, f"{clipping.subject}: {folder}", folder)
            if lacking:
                yield Event(EventKind.FAILED, f"{folder} has no cut-out: {lacking}")

    def deliver_feeds(self) -> Iterator[Event]:
        """Write the feed of each subject that has something new, and the one of all."""
        due = list(list_due(self.archive, Channel.FEED, self._clock()))
        if not due:
            return
        names = [delivery.subject for delivery in due]
        try:
            for subject in (*dict.fromkeys(names), None):
                self._write_feed(subject)
        except OSError as error:
            sentence = (
                f"The feeds below {self.out} cannot be written ({error}): make room there; it is tried again."
            )
            postpone(
                self.archive, due[0], self._clock() + choose_wait(due[0].attempts), sentence, others_too=True
            )
            yield Event(EventKind.REFUSED, sentence)
            return
        finish(self.archive, due, format_time(self._clock()))

    def deliver_webhooks(self) -> Iterator[Event]:
        """Post what is due; a receiver that is not there is not asked again until its time has come."""
        for delivery in list_due(self.archive, Channel.WEBHOOK, self._clock()):
            clipping = describe_clipping(load_clipping(self.archive, delivery.clipping))
            try:
                post_clipping(delivery.target.address, delivery.id, clipping, self._post)
            except Refusal as refusal:
                due = self._clock() + choose_wait(delivery.attempts)
                postpone(self.archive, delivery, due, str(refusal), refusal.everything)
                yield Event(EventKind.REFUSED, f"{refusal} It is tried again.")
            else:
                finish(self.archive, [delivery], format_time(self._clock()))
                yield Event(EventKind.POSTED, f"{clipping['subject']}: posted to {delivery.target.address}")

    def _write_feed(self, subject: str | None) -> None:
        folder = self.out if subject is None else self.out / name_subject(subject)
        folder.mkdir(parents=True, exist_ok=True)
        entries = list_entries(self.archive, subject, MAX_ENTRIES)
        sweep_parts(folder / "feed.xml")
        write_whole(folder / "feed.xml", build_feed(subject, entries, format_time(self._clock())))


def plan_targets(subject: Subject, feed: bool, webhook: str | None) -> tuple[Target, ...]:
    """Where the clippings of a subject go: what it says itself, else the folder and what the command names.

    Raises LeggioError where it names a webhook and the command has none.
    """
    wanted = subject.entry.deliver or (
        "folder",
        *(["feed"] if feed else []),
        *(["webhook"] if webhook else []),
    )
    targets = []
    for name in wanted:
        if name == "webhook" and not webhook:
            raise LeggioError(
                f'subject "{subject.name}" is delivered to a webhook: add --webhook URL, or write the URL in its place.'
            )
        if name == "webhook" or name.startswith("http"):
            targets.append(Target(Channel.WEBHOOK, str(webhook) if name == "webhook" else name))
        else:
            targets.append(Target(Channel(name)))
    return tuple(dict.fromkeys(targets))
