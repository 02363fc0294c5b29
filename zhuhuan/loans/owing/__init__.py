"""What is owed on a day, worked out from a loan's contract, its schedule and its ledger alone. Pure functions; money inside in whole fen."""
