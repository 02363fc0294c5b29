"""Books of other systems: their exports, read as rows of members and loans."""
