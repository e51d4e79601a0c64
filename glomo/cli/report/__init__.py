"""The report to forward: one HTML page that opens from disk, and a workbook for the auditor.

`document.py` gathers what both say, `page.py` makes the page of it (`page.html.jinja`, `style.css`,
`rows.js`), `workbook.py` the workbook.
"""
