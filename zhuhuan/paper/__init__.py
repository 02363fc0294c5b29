"""What is put on paper: a schedule of payments as a picture and as a workbook, and the font that both pictures and papers are set in."""
