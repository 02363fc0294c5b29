"""The loan book. `book.LoanBook` is the only way to the database; everything above works on the frozen values of `values`."""
