"""What is remembered, for how long, and what makes it forgotten. Seconds are monotonic."""

from datetime import datetime

from sqlalchemy import Delete, Update, delete, or_, update

from admit.access.models import FeatureRow, GrantRow
from admit.access.revocation import people_of_statement
from admit.access.service import Access
from admit.access.snapshots import EVERYBODY, Snapshot, Snapshots
from admit.accounts.models import User
from admit.accounts.sessions.models import Session
from admit.core.db import Base
from tests.access.people import june


def access(user_id: str = "ada", *, changes_at: datetime | None = None) -> Access:
    return Access(
        user_id=user_id, version=1, level=0, is_confirmed=True, decisions={}, changes_at=changes_at
    )


def learn(
    snapshots: Snapshots, token_hash: str, of: Access | None = None, *, now: float = 100
) -> Snapshot:
    with snapshots.loading() as load:
        return snapshots.remember(load, of or access(), token_hash=token_hash, now=now)


def knows(snapshots: Snapshots, token_hash: str, *, monotonic: float = 101) -> bool:
    return snapshots.find(token_hash, monotonic=monotonic, business=june(1)) is not None


def test_a_snapshot_is_believed_for_two_seconds() -> None:
    snapshots = Snapshots()
    learn(snapshots, "a", now=100)

    assert knows(snapshots, "a", monotonic=101.9)
    assert not knows(snapshots, "a", monotonic=102)
    assert not knows(snapshots, "b")


def test_who_goes_on_asking_is_read_anew_once_before_the_snapshot_is_too_old() -> None:
    snapshot = learn(Snapshots(), "a", now=100)

    asked = [snapshot.takes_renewal(monotonic=now) for now in (100, 101.4, 101.5, 101.6, 101.9)]

    assert asked == [False, False, True, False, False]


def test_a_snapshot_ends_at_the_moment_that_business_time_changes_it() -> None:
    snapshots = Snapshots()
    learn(snapshots, "a", access(changes_at=june(10)))

    assert snapshots.find("a", monotonic=101, business=june(9, 23)) is not None
    assert snapshots.find("a", monotonic=101, business=june(10)) is None


def test_each_session_of_a_person_is_known_only_as_long_as_it_was_looked_at() -> None:
    snapshots = Snapshots()
    learn(snapshots, "old", now=100)
    learn(snapshots, "new", now=101.5)

    assert knows(snapshots, "old", monotonic=101.9)
    assert not knows(snapshots, "old", monotonic=102.5)
    assert knows(snapshots, "new", monotonic=102.5)


def test_forgetting_a_person_or_one_of_their_sessions_forgets_all_of_their_sessions() -> None:
    for name in ("ada", "a1", EVERYBODY):
        snapshots = Snapshots()
        learn(snapshots, "a1")
        learn(snapshots, "a2")
        learn(snapshots, "b", access("bob"))

        snapshots.forget({name})

        assert (knows(snapshots, "a1"), knows(snapshots, "a2")) == (False, False)
        assert knows(snapshots, "b") is (name != EVERYBODY)


def test_a_session_that_ended_does_not_live_on_in_what_another_one_learns() -> None:
    snapshots = Snapshots()
    learn(snapshots, "ended")
    snapshots.forget({"ada"})

    learn(snapshots, "alive")

    assert (knows(snapshots, "ended"), knows(snapshots, "alive")) == (False, True)


def test_a_reading_that_a_commit_overtook_is_answered_but_not_remembered() -> None:
    for name in ("ada", "a", EVERYBODY):
        snapshots = Snapshots()
        with snapshots.loading() as load:
            snapshots.forget({name})
            snapshot = snapshots.remember(load, access(), token_hash="a", now=100)

        assert snapshot.access == access()
        assert not knows(snapshots, "a")


def test_a_commit_about_somebody_else_disturbs_no_reading() -> None:
    snapshots = Snapshots()
    with snapshots.loading() as load:
        snapshots.forget({"bob"})
        snapshots.remember(load, access(), token_hash="a", now=100)

    assert knows(snapshots, "a")


def test_the_number_of_people_is_bounded_and_the_oldest_go_first() -> None:
    snapshots = Snapshots(most_people=2)
    for name in ("ada", "bob", "eve"):
        learn(snapshots, f"token of {name}", access(name))

    assert len(snapshots) == 2
    assert [knows(snapshots, f"token of {name}") for name in ("ada", "bob", "eve")] == [
        False,
        True,
        True,
    ]


def test_a_statement_concerns_whom_its_condition_names_and_otherwise_everybody() -> None:
    cases: list[tuple[Update | Delete, type[Base], set[str]]] = [
        (delete(Session).where(Session.token_hash == "h"), Session, {"h"}),
        (delete(Session).where(Session.user_id == "ada"), Session, {"ada"}),
        (delete(Session).where(Session.id == "ses"), Session, {EVERYBODY}),
        (
            delete(Session).where(or_(Session.user_id == "ada", Session.user_id == "bob")),
            Session,
            {EVERYBODY},
        ),
        (delete(Session), Session, {EVERYBODY}),
        (update(Session).values(ip=""), Session, set()),
        (update(User).values(is_active=False), User, {EVERYBODY}),
        (update(GrantRow).where(GrantRow.user_id == "ada"), GrantRow, {"ada"}),
        (delete(FeatureRow), FeatureRow, {EVERYBODY}),
    ]

    for statement, table, concerned in cases:
        assert people_of_statement(statement, table) == concerned
