"""What Stripe does with money and time: payments, invoices, subscriptions, entitlements."""
