"""Plans for a loan of the book from what its member said: loans, plans, guide and language put together for the command line."""
