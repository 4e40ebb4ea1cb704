"""Time zones and ways of writing that people can choose from."""

from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale
from babel.core import get_global

LOCALES = (
    *("en", "en_GB", "en_AU", "en_CA", "en_IN", "cs", "da", "de", "de_AT", "de_CH", "el", "es"),
    *("es_MX", "et", "fi", "fr", "fr_CA", "fr_CH", "hu", "id", "it", "ja", "ko", "lt", "lv", "nb"),
    *("nl", "pl", "pt", "pt_BR", "ro", "sk", "sl", "sv", "th", "tr", "uk", "vi", "zh_Hans"),
)


@cache
def zones() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Continents, each with its zones: IANA name and words, `("Europe/Berlin", "Berlin")`."""
    known: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(get_global("zone_territories")):
        continent, found, place = name.partition("/")
        if found and continent != "Etc" and is_time_zone(name):
            words = place.replace("_", " ").replace("/", ": ")
            known.setdefault(continent, []).append((name, words))
    return tuple((continent, tuple(names)) for continent, names in known.items())


@cache
def is_time_zone(name: str) -> bool:
    """Only what this machine can count in."""
    if name not in get_global("zone_territories") and name != "UTC":
        return False
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


@cache
def locales() -> tuple[tuple[str, str], ...]:
    """Code and own name of each, in the order of the names: `("de", "Deutsch")`."""
    named = [(code, Locale.parse(code).get_display_name(code) or code) for code in LOCALES]
    return tuple(sorted(named, key=lambda each: each[1].casefold()))
