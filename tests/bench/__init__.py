"""Programs that measure; each prints ratios against the stock way in the same run. Never collected as tests."""
