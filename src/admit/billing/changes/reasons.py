"""Why people leave, in the words that Stripe keeps, too.

https://docs.stripe.com/api/subscriptions/object#subscription_object-cancellation_details-feedback
"""

from collections.abc import Mapping
from enum import StrEnum


class Feedback(StrEnum):
    too_expensive = "too_expensive"
    missing_features = "missing_features"
    switched_service = "switched_service"
    unused = "unused"
    customer_service = "customer_service"
    too_complex = "too_complex"
    low_quality = "low_quality"
    other = "other"


WORDS: Mapping[str, str] = {
    Feedback.too_expensive: "It costs too much",
    Feedback.missing_features: "Something that I need is missing",
    Feedback.switched_service: "I use something else now",
    Feedback.unused: "I do not use it enough",
    Feedback.customer_service: "I was not helped well",
    Feedback.too_complex: "It is too complicated",
    Feedback.low_quality: "It is not good enough",
    Feedback.other: "Another reason",
}
