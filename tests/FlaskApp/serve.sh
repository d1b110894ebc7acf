#!/bin/sh
# Flask behind gunicorn with the first article's four workers, from the system's packages.
set -e
cd "$(dirname "$0")"
/usr/bin/python3 worker.py &
exec /usr/bin/gunicorn --workers 4 --bind "${CANDOR_BIND:-0.0.0.0}:8080" --access-logfile /dev/null app:app
