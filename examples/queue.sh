#!/bin/sh
# queue.sh URL USERNAME QUEUE [START [END]], with the password in PASSWORD: the figures of a queue, as JSON, from START
# until END (Unix seconds; without them since midnight). URL is the server's, such as https://pbx.example.com
#
# A POST keeps name and password out of the URL. curl reads the password from standard input, so that it is in no
# command line either. --fail-with-body: exit 22 when the answer is a refusal, which says why in JSON too.
set -eu
printf '%s' "$PASSWORD" | curl --silent --show-error --fail-with-body --max-time 20 \
  --data-urlencode "auth_username=$2" --data-urlencode auth_password@- \
  --data-urlencode "id=$3" --data-urlencode "start=${4-$(date -d 00:00 +%s)}" --data-urlencode "end=${5-}" \
  --data service_level=20 "$1/api/json/queues/statistics/get/"
