import re

from admit.core.mail.service import OpenedMail
from tests.accounts.house import ORIGIN, House


def path_in(mail: OpenedMail, beginning: str) -> str:
    """The path of the link that begins so; the browser of the test has the host already."""
    found = re.search(rf"{re.escape(ORIGIN + beginning)}\S+", mail.text)
    assert found is not None, mail.text
    return found[0].removeprefix(ORIGIN)


async def subjects(house: House, recipient: str) -> list[str]:
    return [mail.subject for mail in await house.mails(recipient)]
