"""Values that members say: amounts, dates, periods, durations, times, loans, phone numbers, ID tails, birth dates."""

from zhuhuan.language.values.births import birth_dates
from zhuhuan.language.values.extract import extract
from zhuhuan.language.values.ids import id_tails
from zhuhuan.language.values.value import Value

__all__ = ["Value", "birth_dates", "extract", "id_tails"]
