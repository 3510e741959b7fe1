"""The modules that tests share:

    psql            scripts and sessions of psql, and the text of the migrations
    postgresql      the private server: stop, start, kill -9
    processes       waits for something; lists the children of a process
    stage           all parts together: PostgreSQL, responders, nginx or Apache
    exchange        HTTP and FastCGI in raw bytes
    functions       the functions of the API and their parameters
    case_file       reads the .case files of tests/e2e
    answer_check    compares an answer with what a case or the contract expects
    stand           clients that check every answer while something goes wrong; long/faults and long/abuse use it
    events          lines of a queue log and events of FreeSWITCH as rows, and the offers made from them
    verdict         counts what passed and failed, and closes with `N passed, N failed`
    shell.sh        the same for bash: counts, medians, making the tables

A Python test says `from lib import psql`. Python finds the module because with-postgresql puts the folder tests into
PYTHONPATH; every test that imports from here runs under with-postgresql. A test that somebody types without it begins
with this line, by which it starts itself under with-postgresql:

    #!/usr/bin/env -S sh -c 'exec "${0%/*}/../tools/with-postgresql" python3 "$0" "$@"'

Only Python's standard library is used.
"""
