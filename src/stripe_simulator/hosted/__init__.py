"""What the pages for customers show and do, besides Checkout: invoices, receipts, the portal."""
