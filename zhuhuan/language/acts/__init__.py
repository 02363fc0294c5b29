"""What a collector's line does: acts good and bad (labels.md), where the bad one stands, why it may not be said and what to say instead."""
