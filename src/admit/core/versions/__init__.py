"""A number for each list that programs read, which counts the changes of its rows.

Written in the transaction of the change, so that whoever asks "is it still the same?" is answered
from one small row, before anything is loaded.
"""

from admit.core.versions.models import EVERYBODY, Versioned
from admit.core.versions.service import count_changes_of, number_of, numbers_of

__all__ = ["EVERYBODY", "Versioned", "count_changes_of", "number_of", "numbers_of"]
