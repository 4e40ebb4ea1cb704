"""The one Jinja environment: where templates are found, and how money and times are written."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_timedelta
from jinja2 import (
    BaseLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    select_autoescape,
)
from markupsafe import Markup

from admit.core.money import decimals_of

_PACKAGE = Path(__file__).resolve().parents[2]
_SLICES = ("accounts", "access", "billing", "pages", "dev")

STATIC_ROOT = _PACKAGE / "static"
STATIC_URL = "/static/"


class AssetsNotBuiltError(RuntimeError):
    """A page asks for a stylesheet or script that `npm run build` has not made yet."""


class HasFeatures(Protocol):
    @property
    def features(self) -> frozenset[str] | set[str]: ...


def build_environment(
    *,
    now: Callable[[], datetime],
    locale: str = "en",
    timezone: tzinfo = UTC,
    site_name: str = "Admit",
    reload: bool = False,
    static_root: Path = STATIC_ROOT,
) -> Environment:
    """Template names start with their slice: `accounts/sign_up.html`, `core/base.html`.

    `now` is asked by the filter `relative` only. With `reload`, changed templates and rebuilt
    assets are seen without a restart.
    """
    environment = Environment(
        loader=_loader(),
        autoescape=select_autoescape(["html"], default=False),
        undefined=StrictUndefined,
        auto_reload=reload,
        cache_size=-1,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words = Words(Locale.parse(locale), timezone)
    environment.filters.update(
        money=lambda *args, **options: of_reader(words).money(*args, **options),
        date=lambda moment: of_reader(words).date_element(moment),
        datetime=lambda moment: of_reader(words).datetime_element(moment),
        date_text=lambda moment: of_reader(words).date_text(moment),
        datetime_text=lambda moment: of_reader(words).datetime_text(moment),
        relative=lambda moment: of_reader(words).relative(moment, now=now()),
    )
    environment.tests["entitled_to"] = is_entitled_to
    environment.globals.update(
        site_name=site_name,
        static=lambda name: static_url(name, static_root=static_root, reload=reload),
    )
    return environment


def static_url(name: str, *, static_root: Path = STATIC_ROOT, reload: bool = False) -> str:
    """The address of a built file; its name carries a hash, so that it may be cached for ever.

    Raises AssetsNotBuiltError when the build has not run, or does not know `name`.
    """
    if reload:
        _manifest.cache_clear()
    try:
        return STATIC_URL + _manifest(static_root)[name]
    except KeyError:
        raise AssetsNotBuiltError(
            f"{static_root / 'manifest.json'} does not list {name!r}. Run: npm ci && npm run build"
        ) from None


def hashed_names(static_root: Path = STATIC_ROOT) -> frozenset[str]:
    """The files whose names change with their content."""
    return frozenset(_manifest(static_root).values())


def is_entitled_to(person: HasFeatures | None, feature: str) -> bool:
    """`{% if person is entitled_to("premium") %}`: nobody is entitled while signed out."""
    return person is not None and feature in person.features


class Words:
    """Money and times as one locale and time zone write them."""

    def __init__(self, locale: Locale, timezone: tzinfo) -> None:
        self.locale = locale
        self.timezone = timezone

    def money(self, amount: int, currency: str, *, short: bool = False) -> str:
        """`amount` is in minor units; `short` leaves out the decimals of a whole amount."""
        decimals = decimals_of(currency)
        value = Decimal(amount).scaleb(-decimals)
        shown = 0 if short and value == value.to_integral_value() else decimals
        pattern = copy(self.locale.currency_formats["standard"])
        pattern.frac_prec = (shown, shown)
        return str(
            pattern.apply(value, self.locale, currency=currency.upper(), currency_digits=False)
        )

    def date_element(self, moment: datetime) -> Markup:
        return self._time_element(moment, self.date_text(moment))

    def datetime_element(self, moment: datetime) -> Markup:
        return self._time_element(moment, self.datetime_text(moment))

    def date_text(self, moment: datetime) -> str:
        return format_date(self._local(moment), format="long", locale=self.locale)

    def datetime_text(self, moment: datetime) -> str:
        local = self._local(moment)
        day = format_skeleton("yMMMd", local, locale=self.locale)
        time = format_skeleton("Hm", local, locale=self.locale)
        return f"{day}, {time} {local.tzname()}"

    def relative(self, moment: datetime, *, now: datetime) -> Markup:
        words = format_timedelta(moment - now, add_direction=True, locale=self.locale)
        return self._time_element(moment, words, title=self.datetime_text(moment))

    def _local(self, moment: datetime) -> datetime:
        if moment.tzinfo is None:
            raise ValueError(f"{moment!r} has no time zone")
        return moment.astimezone(self.timezone)

    @staticmethod
    def _time_element(moment: datetime, words: str, *, title: str | None = None) -> Markup:
        stamp = moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        hover = Markup(' title="{}"').format(title) if title else Markup()
        return Markup('<time datetime="{}"{}>{}</time>').format(stamp, hover, words)


_reader: ContextVar[tuple[str | None, str | None]] = ContextVar("reader", default=(None, None))


@contextmanager
def written_for(locale: str | None, time_zone: str | None) -> Iterator[None]:
    """Money and times as somebody chose to read them, while the block lasts; None: the site's."""
    token = _reader.set((locale, time_zone))
    try:
        yield
    finally:
        _reader.reset(token)


def of_reader(words: Words) -> Words:
    locale, time_zone = _reader.get()
    return words if locale is time_zone is None else _words_for(words, locale, time_zone)


@lru_cache(maxsize=1024)
def _words_for(words: Words, locale: str | None, time_zone: str | None) -> Words:
    return Words(
        Locale.parse(locale) if locale else words.locale,
        ZoneInfo(time_zone) if time_zone else words.timezone,
    )


def _loader() -> BaseLoader:
    folders = {name: _PACKAGE / name / "templates" for name in _SLICES}
    folders["core"] = Path(__file__).resolve().parent / "templates"
    return PrefixLoader({name: FileSystemLoader(folder) for name, folder in folders.items()})


@lru_cache(maxsize=8)
def _manifest(static_root: Path) -> Mapping[str, str]:
    try:
        names: dict[str, str] = json.loads((static_root / "manifest.json").read_text("utf-8"))
    except FileNotFoundError:
        raise AssetsNotBuiltError(
            f"{static_root} holds no built assets. Run: npm ci && npm run build"
        ) from None
    return names
