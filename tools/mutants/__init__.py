"""``make mutants``: change the code in small ways and show which changes no test notices.

The sources of mutmut and cosmic-ray were read first. mutmut leaves out decorated functions and code outside
functions, and with them the audited steps and all transition tables; cosmic-ray, and mutmut in each forked
run, start pytest anew for every change, which here starts PostgreSQL and copies a database. This tool starts
pytest once, runs the related tests once with coverage, and then exchanges code objects inside the running
process.
"""
