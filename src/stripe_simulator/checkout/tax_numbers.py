"""Tax ids as the page asks for them: what each is called, and what it looks like.

The forms are those of docs.stripe.com/billing/customer/tax-ids#supported-tax-id; what cannot be
seen from the form is not checked here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class TaxNumber:
    label: str
    form: str
    example: str

    def fits(self, value: str) -> bool:
        """Spaces, dots and dashes are how people read them."""
        return re.fullmatch(self.form, re.sub(r"[\s.-]", "", value).upper()) is not None


TAX_NUMBERS: Mapping[str, TaxNumber] = {
    "eu_vat": TaxNumber("EU VAT number", r"[A-Z]{2}[0-9A-Z]{7,12}", "DE123456789"),
    "gb_vat": TaxNumber("United Kingdom VAT number", r"(GB)?\d{9}(\d{3})?", "GB123456789"),
    "au_abn": TaxNumber("Australian ABN", r"\d{11}", "12345678912"),
    "br_cnpj": TaxNumber("Brazilian CNPJ", r"\d{8}/?\d{6}", "01.234.456/5432-10"),
    "ca_bn": TaxNumber("Canadian business number", r"\d{9}", "123456789"),
    "ch_vat": TaxNumber("Swiss VAT number", r"CHE\d{9}(MWST|TVA|IVA)", "CHE-123.456.789 MWST"),
    "in_gst": TaxNumber("Indian GST number", r"[0-9A-Z]{15}", "12ABCDE3456FGZH"),
    "jp_cn": TaxNumber("Japanese corporate number", r"\d{13}", "1234567891234"),
    "no_vat": TaxNumber("Norwegian VAT number", r"\d{9}(MVA)?", "123456789MVA"),
    "nz_gst": TaxNumber("New Zealand GST number", r"\d{8,9}", "123456789"),
    "us_ein": TaxNumber("United States EIN", r"\d{9}", "12-3456789"),
    "eu_oss_vat": TaxNumber("EU One Stop Shop VAT number", r"EU\d{9}", "EU123456789"),
}
