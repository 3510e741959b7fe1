"""What tests share, one module each:

    psql            scripts and sessions of psql, and the text of the migrations
    postgresql      the private server: stop, start, kill -9
    processes       waiting for something; the children of a process
    stage           all parts together: PostgreSQL, responders, nginx or Apache
    exchange        HTTP and FastCGI in raw bytes
    case_file       reads the .case files of tests/e2e
    answer_check    compares an answer with what the contract asks for
    stand           clients who look at every answer while something goes wrong; faults and abuse stand on it
    events          lines of a queue log and events of FreeSWITCH as rows, and the offers made of them
    verdict         counts what passed and failed, and closes with `N passed, N failed`
    shell.sh        the same for bash: counts, medians, the tables

A Python test says `from lib import psql`. Python finds that because with-postgresql, which every test that imports from
here runs under, names the folder tests in PYTHONPATH: there and nowhere else. A test that is to be typed without it
begins with the line

    #!/usr/bin/env -S sh -c 'exec "${0%/*}/../tools/with-postgresql" python3 "$0" "$@"'

which starts itself under one. Only Python's standard library is used.
"""
