"""Mail is a row first: queued with the change it tells of, sent by the worker."""

from admit.core.mail.models import MailRow
from admit.core.mail.service import Letter, MailQueued, forget_mails, queue_mail

__all__ = ["Letter", "MailQueued", "MailRow", "forget_mails", "queue_mail"]
